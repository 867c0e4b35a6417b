import type { ServiceName } from '@deepstyle/contracts';
import type { Service } from '@deepstyle/service';
import type { RunningService } from '@deepstyle/testkit/services';
import { cropper } from '../../services/cropper/src/index.ts';
import { dataset } from '../../services/dataset/src/index.ts';
import { detector } from '../../services/detector/src/index.ts';
import { gallery } from '../../services/gallery/src/index.ts';
import { ganTrainer } from '../../services/gan-trainer/src/index.ts';
import { scraper } from '../../services/scraper/src/index.ts';
import { LARGE_RUN, MODEL, USUAL_RUN } from './filled-tables.ts';

/** A query that lists something; returns how many rows it listed. */
export type Listing = (service: RunningService) => Promise<number>;

export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  scraper,
  dataset,
  detector,
  cropper,
  'gan-trainer': ganTrainer,
  gallery,
};

const PAGE = 100;

async function ask(service: RunningService, query: string, variables: object = {}) {
  const { data, errors } = await service.graph(query, variables);
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('; '));
  return data;
}

/** The first page of a connection; or the one behind ten others, reached once. */
function connection(
  name: string,
  selection: string,
  { filter = '', isDeep = false } = {},
): Listing {
  let after: Promise<string | null> | null = null;
  const page = async (service: RunningService, cursor: string | null) => {
    const query = `query ($first: Int!, $after: String) { ${name}(first: $first, after: $after${filter})  {
      edges { node { ${selection} } } pageInfo { endCursor } } }`;
    return (await ask(service, query, { first: PAGE, after: cursor }))[name];
  };
  const walk = async (service: RunningService): Promise<string | null> => {
    let cursor: string | null = null;
    for (let n = 0; n < 10; n += 1) cursor = (await page(service, cursor)).pageInfo.endCursor;
    return cursor;
  };
  return async (service) => {
    after ??= isDeep ? walk(service) : Promise.resolve(null);
    return (await page(service, await after)).edges.length;
  };
}

/** What a node of another subgraph lists. */
function listOf(type: string, ids: readonly string[], selection: string): Listing {
  const representations = ids.map((id) => ({ __typename: type, id }));
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on ${type} { list: ${selection} } } }`;
  return async (service) => {
    const { _entities: found } = await ask(service, query, { representations });
    return found
      .map(({ list }: { list: { edges?: object[] } & object[] }) => (list.edges ?? list).length)
      .reduce((sum: number, length: number) => sum + length, 0);
  };
}

/** The calls that other services make. */
function streamOf(call: (service: RunningService) => AsyncIterable<object>): Listing {
  return async (service) => {
    let count = 0;
    for await (const row of call(service))
      count += 'garments' in row && Array.isArray(row.garments) ? row.garments.length : 1;
    return count;
  };
}

const large = [`run_${LARGE_RUN}`];
const usual = [`run_${USUAL_RUN.slice(0, -2)}47`];
/** What changed in the last fourteen days of ten thousand hours. */
const since = () => ({ changedSince: new Date(Date.now() - 14 * 24 * 3_600_000) });
const page = `(first: ${PAGE}) { edges { node { id } } }`;
const photos = (md5s: readonly string[]) => md5s.map((md5) => `photo_${md5}`);

/** Every list of the graph and of gRPC, by service. */
export function listings(
  somePhotos: readonly string[],
): Readonly<Record<ServiceName, Readonly<Record<string, Listing>>>> {
  const model = [`gan_${MODEL}`];
  const detectorModel = [`detector_${'1'.padEnd(64, 'm')}`];
  return {
    scraper: {
      'graph runs': connection('runs', 'id season'),
      'graph runs, deep': connection('runs', 'id season', { isDeep: true }),
      'graph run.photos of 100,000': listOf('Run', large, `photos${page}`),
      'graph run.rejections of 100,000': listOf('Run', large, 'rejections { source }'),
      'gRPC ListRuns': streamOf(({ calls }) => calls.listScrapedRuns(since())),
    },
    cropper: {
      'graph run.garments of 100,000': listOf('Run', large, `garments${page}`),
      'graph photo.garments of 100': listOf('Photo', photos(somePhotos), 'garments { id }'),
      'gRPC ListGarments of a run': streamOf(({ calls }) =>
        calls.listGarments({ runId: USUAL_RUN }),
      ),
      'gRPC ListRuns': streamOf(({ calls }) => calls.listCroppedRuns(since())),
    },
    detector: {
      'graph photo.detections of 100': listOf(
        'Photo',
        photos(somePhotos),
        'detections { category }',
      ),
      'graph model.losses': listOf('DetectorModel', detectorModel, 'losses { step }'),
      'gRPC ListRuns of 100': streamOf(({ calls }) =>
        calls.listDetectedRuns({
          runIds: Array.from({ length: 100 }, (_, n) => LARGE_RUN.slice(0, -3) + String(n + 100)),
        }),
      ),
    },
    'gan-trainer': {
      'graph model.garments of 100,000': listOf('GanModel', model, `garments${page}`),
      'graph model.metrics': listOf('GanModel', model, 'metrics { step }'),
      'graph model.samples': listOf('GanModel', model, 'samples { step }'),
      'gRPC GenerateDesigns, rendered': streamOf(({ calls }) =>
        calls.generateDesigns({ modelId: MODEL, count: 100, seed: 1, requestKey: USUAL_RUN }),
      ),
      'gRPC ListRuns': streamOf(({ calls }) => calls.listTrainedRuns(since())),
    },
    gallery: {
      'graph collections': connection('collections', 'id'),
      'graph collections, deep': connection('collections', 'id', { isDeep: true }),
      'graph collections of a season': connection('collections', 'id', {
        filter: ', season: "SS2007"',
      }),
      'graph trendBatches': connection('trendBatches', 'id'),
      'graph trendBatches, deep': connection('trendBatches', 'id', { isDeep: true }),
      'graph trendBatches of a brand': connection('trendBatches', 'id', {
        filter: ', brand: "b7"',
      }),
      'graph trendBatches of all brands': connection('trendBatches', 'id', {
        filter: ', brand: ""',
      }),
      'graph trendBatches of a season': connection('trendBatches', 'id', {
        filter: ', season: "SS2007"',
      }),
      'graph collection.designs of 100,000': listOf(
        'Collection',
        ['collection_c4ca4238a0b923820dcc509a6f75849b'],
        `designs${page}`,
      ),
      'graph run.trendBatches': listOf('Run', usual, 'trendBatches { id }'),
    },
    dataset: {
      'graph datasets': connection('datasets', 'id categories { name }'),
      'graph datasets, deep': connection('datasets', 'id categories { name }', { isDeep: true }),
    },
  };
}
