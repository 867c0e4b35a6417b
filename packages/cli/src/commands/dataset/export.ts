import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { ExportResult, ExportTarget } from '@deepstyle/dataset/files';
import { existing, writable } from '../../arguments/paths.ts';
import { contentIdOf, oneOf, type Parse, text } from '../../arguments/values.ts';
import type { Call } from '../../call.ts';
import { irregularityLines } from '../../output/dataset-report.ts';
import { UsageError } from '../../usage-error.ts';
import { openOptionsOf, readingOptions } from './reading-options.ts';

/** `deepstyle dataset export`: a folder is read here; a dataset comes from the instance of the data folder. */
export function datasetExportCommand(call: Call) {
  const { boxes, set, attributes, sizes, images, pixels } = readingOptions(call);
  return new Command('export')
    .summary('write one COCO file of a dataset')
    .description(
      'Writes one COCO file of an imported dataset or, without importing it, of a folder or file.',
    )
    .argument('<dataset>', 'the id of a dataset, or a path', pathOrId(call.folder))
    .requiredOption('--output <file>', 'the COCO file', writable('file', '--output', call.folder))
    .option('--split <split>', 'train, val or test only', oneOf('--split', 'train', 'val', 'test'))
    .option('--name <name>', 'of a path: name for people', text('--name'))
    .option('--strict', 'of a path: end at the first irregularity')
    .addOption(boxes)
    .addOption(set)
    .addOption(attributes)
    .addOption(sizes)
    .addOption(images)
    .addOption(pixels)
    .action(async (source, options) => {
      const { DEFAULT_OPEN_OPTIONS, exportFolder } = await import('@deepstyle/dataset/files');
      const target = { output: options.output, split: options.split ?? null };
      const { strict = false, name } = options;
      const how = { ...DEFAULT_OPEN_OPTIONS, ...openOptionsOf(options), strict };
      const result = await ('path' in source
        ? exportFolder(source.path, { ...how, name: name ?? basename(source.path) }, target)
        : exportById(call, source.id, target));
      call.print({ ...target, ...result }, summary(target.output, result));
    });
}

function pathOrId(folder: string): Parse<{ readonly path: string } | { readonly id: string }> {
  return (typed) => {
    if (existsSync(resolve(folder, typed)))
      return { path: existing('file or folder', 'DATASET', folder)(typed) };
    const id = contentIdOf('Dataset', typed);
    if (id === null) {
      throw new UsageError(
        `"${typed}" is neither a folder or file nor the id of a dataset, as the import prints it.`,
      );
    }
    return { id };
  };
}

async function exportById(call: Call, id: string, target: ExportTarget): Promise<ExportResult> {
  call.needDataFolder();
  const { withInstance } = await import('../../instance/with-instance.ts');
  const { exportDataset } = await import('../../follow/export-dataset.ts');
  return withInstance(
    call,
    () => 'Stopping.',
    (graph, instance) => exportDataset(graph, instance, id, target),
  );
}

function summary(output: string, { images, annotations, bytes, irregularities }: ExportResult) {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    ...irregularityLines(irregularities),
    `${output}: ${images} images, ${annotations} boxes, ${size}`,
    '',
  ].join('\n');
}
