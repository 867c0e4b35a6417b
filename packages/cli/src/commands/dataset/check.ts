import { Command } from '@commander-js/extra-typings';
import { existing } from '../../arguments/paths.ts';
import type { Call } from '../../call.ts';
import { checkReport, irregularityTotal } from '../../output/dataset-report.ts';
import { say } from '../../output/say.ts';
import { openOptionsOf, readingOptions } from './reading-options.ts';

/**
 * `deepstyle dataset check`: reads a folder or file as an import does; needs no running instance. Exit code 1 where no image
 * would be kept, and in strict mode where anything is irregular.
 */
export function datasetCheckCommand(call: Call) {
  const { boxes, set, attributes, sizes, images, pixels } = readingOptions(call);
  return new Command('check')
    .summary('tell all that is wrong with a dataset')
    .description(
      'Reads a dataset as an import does, and tells all that is wrong with it, by file and line.',
    )
    .argument(
      '<path>',
      'a DeepFashion folder, a COCO file or a folder of COCO files',
      existing('file or folder', 'PATH', call.folder),
    )
    .option('--strict', 'exit code 1 where anything is irregular')
    .option('--all', 'each irregularity on a line of its own (stderr), not the first ten of a kind')
    .option('--quick', 'only the headers of images')
    .addOption(boxes)
    .addOption(set)
    .addOption(attributes)
    .addOption(sizes)
    .addOption(images)
    .addOption(pixels)
    .action(async (path, options) => {
      const { checkDataset, DEFAULT_OPEN_OPTIONS, describeIrregularity } = await import(
        '@deepstyle/dataset/files'
      );
      const { ProgressView } = await import('../../output/progress-view.ts');
      const view = new ProgressView(process.stderr);
      const how = { ...DEFAULT_OPEN_OPTIONS, ...openOptionsOf(options), isDeep: !options.quick };
      const result = await checkDataset(path, how, {
        ...(options.all && {
          onIrregularity: (found) => say(`${describeIrregularity(found)}\n`),
        }),
        // Lines of irregularities and a line that is redrawn would write over each other.
        ...(!options.all && {
          onProgress: (detail, done, expected) => {
            const stage = { state: 'RUNNING', done, failed: 0, expected, detail, stalled: false };
            view.showStages([{ label: 'check', stage: stage as never }], Date.now());
          },
        }),
      });
      const irregular = irregularityTotal(result.irregularities);
      const ok = result.counts.images > 0 && !(options.strict && irregular > 0);
      call.print({ path, ok, irregular, ...result }, checkReport(path, result));
      if (!ok) call.exitCode = 1;
    });
}
