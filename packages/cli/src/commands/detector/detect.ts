import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { emptyFolder, existing } from '../../arguments/paths.ts';
import { contentIdOf, numberFrom, type Parse } from '../../arguments/values.ts';
import type { Call } from '../../call.ts';
import type { NamedDetector } from '../../detection/detector-weights.ts';
import { UsageError } from '../../usage-error.ts';

/**
 * `deepstyle detector detect`: the garments of photographs on the disk, in this process. Exit code 1 where a photograph
 * failed; the others are written all the same.
 */
export function detectorDetectCommand(call: Call) {
  const photo = existing('file or folder', 'PHOTOS', call.folder);
  return new Command('detect')
    .summary('find the garments of photographs')
    .description(
      'Finds the garments of photographs: pictures with boxes, and the boxes as a COCO results file.',
    )
    .argument(
      '<photos...>',
      'files, and folders with their subfolders',
      (typed, before: readonly string[] = []) => [...before, photo(typed)],
    )
    .requiredOption(
      '--out <dir>',
      'a new folder for pictures/, images.json and detections.json',
      emptyFolder('--out', call.folder),
    )
    .option(
      '--model <model>',
      'the id of a detector, or the file of its weights (default: the detector that new runs use)',
      detectorOrFile(call.folder),
    )
    .option('--crops', 'each garment as a picture of its own, in crops/CATEGORY')
    .option(
      '--min-score <score>',
      'leave out what is less certain, from 0 to 1 (default: 0.5, in detections.json 0.05)',
      numberFrom('--min-score', 0, 1),
    )
    .action(async (paths, { out, model, crops, minScore }) => {
      const { detect } = await import('../../detection/detect.ts');
      await detect(call, {
        ...{ paths, output: out, model: model ?? null, minScore: minScore ?? null },
        withCrops: crops === true,
      });
    });
}

function detectorOrFile(folder: string): Parse<NonNullable<NamedDetector>> {
  return (typed) => {
    if (existsSync(resolve(folder, typed)))
      return { path: existing('file', '--model', folder)(typed) };
    const id = contentIdOf('DetectorModel', typed);
    if (id === null)
      throw new UsageError(
        `--model must be the id of a detector, as its training prints it, or a file, not "${typed}".`,
      );
    return { id };
  };
}
