/** The ports of the service over stores, without a process around them. */
import type { datasetV1, ServiceCalls } from '@deepstyle/contracts';
import type { Database, ObjectStore } from '@deepstyle/storage';
import { openPorts as openStores, portsOver as portsOfStores } from '@deepstyle/testkit/services';
import { DETECTOR_SETTINGS } from '../src/config.ts';
import type { Ports } from '../src/ports.ts';
import { TINY_SETTINGS } from './tiny-hyperparameters.ts';

export interface Published {
  readonly type: string;
  readonly data: object;
}

type Datasets = Map<string, datasetV1.GetDatasetResponse>;

function serviceWith(datasets: Datasets) {
  const calls: Partial<ServiceCalls> = {
    getDataset: async ({ datasetId }) => datasets.get(datasetId) as datasetV1.GetDatasetResponse,
  };
  return {
    name: 'detector',
    settings: DETECTOR_SETTINGS,
    environment: { ...TINY_SETTINGS, DETECTOR_CHECKPOINT_SECONDS: '0' },
    calls,
  } as const;
}

/** Over an embedded database and files, both in a temporary folder. */
export async function openPorts() {
  const datasets: Datasets = new Map();
  const { ports, close } = await openStores(serviceWith(datasets));
  return {
    ...recording(ports),
    addDataset: (one: datasetV1.GetDatasetResponse) => datasets.set(one.datasetId, one),
    close,
  };
}

/** Over stores that are open. */
export async function portsOver(database: Database, objects: ObjectStore) {
  const { ports } = await portsOfStores(database, objects, serviceWith(new Map()));
  return recording(ports);
}

/** What is published is in `published`, whether its transaction commits or not. */
function recording(ports: Ports) {
  const published: Published[] = [];
  const outbox: Ports['outbox'] = {
    publish: async (_tx, type, data) => {
      published.push({ type, data });
    },
    publishAll: async (_tx, type, events) => {
      published.push(...events.map(({ data }) => ({ type, data })));
    },
    enqueue: async () => {},
  };
  return { ports: { ...ports, outbox }, published };
}
