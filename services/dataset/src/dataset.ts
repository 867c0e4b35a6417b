import { NotFoundError } from '@deepstyle/platform';
import type { Ports } from './ports.ts';
import { type DatasetRecord, datasetsById, type ImportRecord } from './records.ts';
import { failImport, runImport } from './run-import.ts';
import { type ImportRequest, startImport } from './start-import.ts';

/** The use cases. */
export interface Dataset {
  /** @throws NotFoundError */
  readonly getDataset: (id: string) => Promise<DatasetRecord>;
  /** Queues the import of a folder. A key that was used before returns its import, whatever else the request says. */
  readonly startImport: (request: ImportRequest) => Promise<ImportRecord>;
  /** Imports a folder. Doing it again does no harm: everything is stored under the hash of its content. */
  readonly runImport: (importId: string, signal: AbortSignal) => Promise<void>;
  /** Ends an import as failed. */
  readonly failImport: (importId: string, thrown: unknown) => Promise<void>;
}

export function createDataset(ports: Ports): Dataset {
  return {
    getDataset: async (id) => {
      const [found] = await ports.database.transaction('dataset.getDataset', (tx) =>
        datasetsById(tx, [id]),
      );
      if (found === undefined) throw new NotFoundError('dataset', id);
      return found;
    },
    startImport: (request) => startImport(ports, request),
    runImport: (importId, signal) => runImport(ports, importId, signal),
    failImport: (importId, thrown) => failImport(ports, importId, thrown, []),
  };
}
