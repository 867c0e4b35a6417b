/** The ports of the service over embedded stores of their own, without a process around them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { datasetV1 } from '@deepstyle/contracts';
import { assetPath, createLogger, readSettings } from '@deepstyle/platform';
import {
  createFilesystemObjectStore,
  type Database,
  migrate,
  type ObjectStore,
  openPgliteServer,
} from '@deepstyle/storage';
import { DETECTOR_SETTINGS } from '../src/config.ts';
import type { Ports } from '../src/ports.ts';

export interface Published {
  readonly type: string;
  readonly data: object;
}

/** Over an embedded database and files, both in a temporary folder. */
export async function openPorts(dataset?: datasetV1.GetDatasetResponse) {
  const folder = mkdtempSync(join(tmpdir(), 'detector-ports-'));
  const server = await openPgliteServer({ folder: join(folder, 'database') });
  const objects = await createFilesystemObjectStore({
    root: join(folder, 'objects'),
    signingKey: 'a signing key for tests',
    baseUrl: 'http://127.0.0.1',
  });
  const datasets = new Map<string, datasetV1.GetDatasetResponse>();
  if (dataset !== undefined) datasets.set(dataset.datasetId, dataset);
  const { ports, published } = await portsOver(await server.schema('detector'), objects, datasets);
  return {
    ports,
    published,
    addDataset: (one: datasetV1.GetDatasetResponse) => datasets.set(one.datasetId, one),
    close: async () => {
      await server.close();
      await objects.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Over stores that are open. What is published is in `published`, whether its transaction commits or not. */
export async function portsOver(
  database: Database,
  objects: ObjectStore,
  datasets: ReadonlyMap<string, datasetV1.GetDatasetResponse> = new Map(),
) {
  await migrate(database, assetPath('services/detector/migrations'));
  const published: Published[] = [];
  const ports: Ports = {
    database,
    objects,
    settings: readSettings(DETECTOR_SETTINGS, {
      DETECTOR_IMAGE_WIDTH_PX: '64',
      DETECTOR_IMAGE_HEIGHT_PX: '64',
      DETECTOR_WIDTH: '2',
      DETECTOR_BATCH_SIZE: '2',
      DETECTOR_CHECKPOINT_SECONDS: '0',
    }),
    outbox: {
      publish: async (_tx, type, data) => {
        published.push({ type, data });
      },
      publishAll: async (_tx, type, events) => {
        published.push(...events.map(({ data }) => ({ type, data })));
      },
      enqueue: async () => {},
    },
    calls: {
      getDataset: async ({ datasetId }) => datasets.get(datasetId) as datasetV1.GetDatasetResponse,
    },
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock: () => new Date(),
    engine: { threads: 1 },
  };
  return { ports, published };
}
