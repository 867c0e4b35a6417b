import { cropperV1, type ServiceName } from '@deepstyle/contracts';
import { type SettingsTable, text } from '@deepstyle/platform';
import { z } from 'zod';
import { consumer, defineService, jobHandler, type Service, serverStream } from '../src/index.ts';

/** A service that does next to nothing, over the schema and the tables of a real one. */
export interface MadeService {
  readonly service: Service;
  /** What it was told, in order. */
  readonly told: string[];
  /** Asks the cropper by gRPC, as this service, once it runs. */
  listGarments(runId: string): Promise<number>;
}

interface MadeSettings {
  readonly concurrency: number;
}

const MADE_SETTINGS: SettingsTable<MadeSettings> = {
  concurrency: {
    env: 'MADE_CONCURRENCY',
    schema: text.integer(1, 8),
    default: '1',
    description: 'events at once',
  },
};

export function madeService(name: ServiceName = 'cropper'): MadeService {
  const told: string[] = [];
  let listGarments: MadeService['listGarments'] = () => Promise.reject(new Error('not created'));
  const service = defineService<MadeSettings, object, object>({
    name,
    settings: MADE_SETTINGS,
    createUseCases: ({ calls }) => {
      told.push('created');
      listGarments = async (runId) => {
        let pages = 0;
        for await (const _page of calls.listGarments({ runId })) pages += 1;
        return pages;
      };
      return {};
    },
    closeUseCases: async () => {
      told.push('closed');
    },
    createConsumers: () => [
      consumer({
        name: 'photos',
        types: ['deepstyle.photo.stored.v1'],
        concurrency: 1,
        handle: async () => {},
      }),
    ],
    createJobs: () => [
      jobHandler({
        kind: `${name}-work`,
        payload: z.object({}),
        maxFailures: 1,
        handle: async (_payload, { signal }) => {
          told.push('job began');
          signal.addEventListener('abort', () => told.push('job told to stop'));
        },
      }),
    ],
    createReconciler: () => ({
      jobs: [],
      events: [],
      objects: [],
      stalled: async () => 0,
      failed: async () => 0,
    }),
    createResolvers: () => ({}),
    createLoaders: () => ({}),
    createGrpc: ({ logger }) =>
      name === 'cropper'
        ? [
            {
              definition: cropperV1.CropperServiceService,
              implementation: {
                listGarments: serverStream<
                  cropperV1.ListGarmentsRequest,
                  cropperV1.ListGarmentsResponse
                >(logger, async function* ({ runId }) {
                  for (let page = 0; page < Number(runId); page += 1) yield { garments: [] };
                }),
              },
            },
          ]
        : [],
  });
  return { service, told, listGarments: (runId) => listGarments(runId) };
}
