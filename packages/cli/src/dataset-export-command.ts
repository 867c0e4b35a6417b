import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type ExportResult, exportFolder, exportStored } from '@deepstyle/dataset/files';
import { DeepStyleError, type Environment } from '@deepstyle/platform';
import { type Options, UsageError } from './command-line.ts';
import { openOptionsOf, resolvedDataset } from './dataset-folder.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { DATASET_TO_EXPORT } from './dataset-queries.ts';
import { irregularityLines } from './dataset-report.ts';
import { createGraphClient, GraphRequestError } from './graph-client.ts';
import { dataFolderOf, type Instance, openInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';

/** Neither a file nor a dataset. */
export class UnknownDatasetError extends DeepStyleError {
  constructor(source: string) {
    super({
      ...{ code: 'NOT_FOUND', reason: 'UNKNOWN_DATASET' },
      message: `"${source}" is neither a folder or file nor the id of a dataset of this data folder. "deepstyle dataset import-coco" and "import-deepfashion" print the id of what they import.`,
    });
  }
}

interface Target {
  readonly output: string;
  readonly split: DatasetOptions['split'];
}

/** `deepstyle dataset export`: a folder is read here; a dataset comes from the instance of the data folder. */
export async function datasetExportCommand(
  options: Options,
  environment: Environment,
): Promise<number> {
  const dataset = resolvedDataset(options, environment);
  const { output, split } = dataset;
  if (output === undefined) throw new UsageError('dataset export needs --output FILE.');
  const result = existsSync(dataset.source)
    ? await exportPath(dataset, { output, split })
    : await exportDataset(options, environment, { output, split });
  process.stdout.write(
    options.json ? `${JSON.stringify({ output, split, ...result })}\n` : summary(output, result),
  );
  return 0;
}

function exportPath(dataset: DatasetOptions, target: Target): Promise<ExportResult> {
  const { strict, source, name = basename(source) } = dataset;
  return exportFolder(source, { ...openOptionsOf(dataset), strict, name }, target);
}

async function exportDataset(
  options: Options,
  environment: Environment,
  target: Target,
): Promise<ExportResult> {
  const source = options.dataset?.source ?? '';
  const interrupt = onInterrupt('Stopping.');
  const instance = await openInstance(environment, dataFolderOf(options.data, environment));
  interrupt.closes(() => instance.close());
  try {
    const { dataset } = await createGraphClient(instance).request(DATASET_TO_EXPORT, {
      id: globalId(source),
    });
    if (dataset === null) throw new UnknownDatasetError(source);
    const stored = { id: localId(dataset.id), name: dataset.name };
    return await exportStored(stored, () => opened(instance, dataset.annotationsUrl), target);
  } finally {
    await instance.close();
    interrupt.release();
  }
}

const PREFIX = 'dataset_';

function globalId(id: string): string {
  return id.startsWith(PREFIX) ? id : PREFIX + id;
}

function localId(id: string): string {
  return id.slice(PREFIX.length);
}

async function opened(instance: Instance, url: string): Promise<ReadableStream<Uint8Array>> {
  // Signed: it needs no token, and an object store elsewhere must not get ours.
  const response = await fetch(new URL(url, instance.url));
  if (response.ok && response.body !== null) return response.body;
  throw new GraphRequestError(
    `The annotations of the dataset cannot be read: status ${response.status}.`,
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
