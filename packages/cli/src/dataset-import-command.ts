import { basename } from 'node:path';
import { DeepStyleError, type Environment } from '@deepstyle/platform';
import { enumValue } from '@deepstyle/service';
import type { Options } from './command-line.ts';
import { resolvedDataset } from './dataset-folder.ts';
import type { DatasetOptions } from './dataset-options.ts';
import {
  DATASET_IMPORT,
  type DatasetView,
  IMPORT_DATASET,
  type ImportDatasetInput,
  type ImportView,
} from './dataset-queries.ts';
import { irregularityLines, irregularityTotal, type ShownIrregularity } from './dataset-report.ts';
import { followProgress } from './follow-progress.ts';
import { createGraphClient, found, type GraphClient } from './graph-client.ts';
import { dataFolderOf, openInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';
import { interruptedWork } from './interrupted-work.ts';
import { ProgressView } from './progress.ts';

class ImportRefusedError extends DeepStyleError {
  constructor(messages: readonly string[]) {
    super({ code: 'INVALID_ARGUMENT', reason: 'IMPORT_REFUSED', message: messages.join('\n') });
  }
}

/**
 * `deepstyle dataset import-deepfashion` and `import-coco`: by the instance of the data folder, or one of its own. Exit code 1
 * where the import ends without a dataset.
 */
export function importCommand(
  format: 'deepfashion' | 'coco',
): (options: Options, environment: Environment) => Promise<number> {
  return async (options, environment) => {
    const dataset = resolvedDataset(options, environment);
    const dataFolder = dataFolderOf(options.data, environment);
    const interrupt = onInterrupt('Stopping; the same command goes on from here.');
    const instance = await openInstance(environment, dataFolder);
    interrupt.closes(() => instance.close());
    try {
      const graph = createGraphClient(instance);
      const view = new ProgressView(process.stderr);
      const ended = await importAndFollow(graph, inputOf(dataset, format), dataFolder, view);
      process.stdout.write(options.json ? `${JSON.stringify(resultOf(ended))}\n` : summary(ended));
      return ended.dataset === null ? 1 : 0;
    } finally {
      await instance.close();
      interrupt.release();
    }
  };
}

/** The mutation's input without its key. */
type ImportInput = Omit<ImportDatasetInput, 'idempotencyKey'>;

function inputOf(dataset: DatasetOptions, format: 'deepfashion' | 'coco'): ImportInput {
  const { source, name = basename(source), strict, attributes, storeImages } = dataset;
  return {
    name,
    folder: source,
    format: enumValue(format),
    strict,
    attributes,
    storeImages,
    boxConvention: enumValue(dataset.boxConvention),
    annotationSet: dataset.annotationSet === null ? null : enumValue(dataset.annotationSet),
    sizes: dataset.sizes ?? null,
    images: dataset.images ?? null,
  };
}

/**
 * Begins an import, or goes on with the same one that was interrupted, and follows it to its end.
 *
 * @throws ImportRefusedError, GraphRequestError
 */
export async function importAndFollow(
  graph: GraphClient,
  input: ImportInput,
  dataFolder: string,
  view: ProgressView,
): Promise<ImportView> {
  const memo = interruptedWork(dataFolder, 'import', input);
  const { importDataset } = await graph.request(IMPORT_DATASET, {
    input: { ...input, idempotencyKey: memo.key },
  });
  if (importDataset.import === null) {
    memo.forget();
    throw new ImportRefusedError(importDataset.userErrors.map(({ message }) => message));
  }
  const { id } = importDataset.import;
  const look = async () =>
    found((await graph.request(DATASET_IMPORT, { id })).datasetImport, 'import');
  // One that ended after its command did: the files may have changed since.
  if (memo.isEarlier && isOver(await look())) {
    memo.forget();
    return importAndFollow(graph, input, dataFolder, view);
  }
  const ended = await followProgress(view, 'import', look);
  memo.forget();
  return ended;
}

function isOver({ progress: { state } }: ImportView): boolean {
  return state === 'DONE' || state === 'FAILED';
}

function resultOf(ended: ImportView) {
  const { progress, dataset: found } = ended;
  const irregularities = irregularitiesOf(ended);
  const failure = found === null ? { failure: progress.detail } : null;
  const dataset = found && { ...found, boxConvention: found.boxConvention.toLowerCase() };
  return { dataset, ...failure, irregular: irregularityTotal(irregularities), irregularities };
}

/** As `dataset check` writes them. */
function irregularitiesOf({ irregularities }: ImportView): ShownIrregularity[] {
  return irregularities.map((each) => ({
    ...each,
    effect: each.effect.toLowerCase() as Lowercase<typeof each.effect>,
  }));
}

function summary(ended: ImportView): string {
  const { progress, dataset } = ended;
  return [
    ...irregularityLines(irregularitiesOf(ended)),
    ...(dataset === null ? [`No dataset: ${progress.detail}`] : datasetLines(dataset)),
    '',
  ].join('\n');
}

function datasetLines({ id, images, annotations, storedImages, splits, categories }: DatasetView) {
  const { train, val, test, none } = splits;
  return [
    `dataset      ${id}`,
    `images       ${images}, ${storedImages} of them stored`,
    `splits       train ${train}, val ${val}, test ${test}, none ${none}`,
    `boxes        ${annotations} of ${categories.length} categories`,
  ];
}
