import { type ExportResult, type ExportTarget, exportStored } from '@deepstyle/dataset/files';
import { DeepStyleError } from '@deepstyle/platform';
import { localId } from '@deepstyle/service';
import { DATASET_TO_EXPORT } from '../dataset-queries.ts';
import { type GraphClient, GraphRequestError } from '../graph-client.ts';

class UnknownDatasetError extends DeepStyleError {
  constructor(id: string) {
    super({
      ...{ code: 'NOT_FOUND', reason: 'UNKNOWN_DATASET' },
      message: `No dataset of this data folder has the id ${id}. "deepstyle dataset import-coco" and "import-deepfashion" print the id of what they import.`,
    });
  }
}

/**
 * Writes a dataset of an instance as one COCO file.
 *
 * @throws UnknownDatasetError, GraphRequestError
 */
export async function exportDataset(
  graph: GraphClient,
  instance: { readonly url: string },
  id: string,
  target: ExportTarget,
): Promise<ExportResult> {
  const { dataset } = await graph.request(DATASET_TO_EXPORT, { id });
  if (dataset === null) throw new UnknownDatasetError(id);
  const { name, annotationsUrl } = dataset;
  const stored = { id: localId('Dataset', dataset.id), name };
  return exportStored(stored, () => opened(new URL(annotationsUrl, instance.url)), target);
}

/** Signed: it needs no token, and an object store elsewhere must not get ours. */
async function opened(annotations: URL): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(annotations);
  if (response.ok && response.body !== null) return response.body;
  throw new GraphRequestError(
    `The annotations of the dataset cannot be read: status ${response.status}.`,
  );
}
