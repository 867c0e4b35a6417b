import { DeepStyleError } from '@deepstyle/platform';
import {
  DATASET_IMPORT,
  IMPORT_DATASET,
  type ImportDatasetInput,
  type ImportView,
} from '../dataset-queries.ts';
import { found, type GraphClient } from '../graph-client.ts';
import { ProgressView } from '../output/progress-view.ts';
import { followProgress, isOver } from './follow.ts';
import { interruptedWork } from './interrupted-work.ts';

class ImportRefusedError extends DeepStyleError {
  constructor(messages: readonly string[]) {
    super({ code: 'INVALID_ARGUMENT', reason: 'IMPORT_REFUSED', message: messages.join('\n') });
  }
}

/** The mutation's input without its key. */
export type ImportInput = Omit<ImportDatasetInput, 'idempotencyKey'>;

/**
 * Begins an import, or goes on with the same one that was interrupted, and follows it to its end.
 *
 * @throws ImportRefusedError, GraphRequestError
 */
export async function importAndFollow(
  graph: GraphClient,
  input: ImportInput,
  dataFolder: string,
  view = new ProgressView(process.stderr),
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
