import { assetPath } from '@deepstyle/platform';
import { migrate, openDatabaseServer } from '@deepstyle/storage';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DatasetRecord, saveDataset } from '../src/records.ts';
import { type RunningDataset, runDataset } from './running-dataset.ts';

const NOT_FOUND = 5;

function datasetOf(id: string, createdAt: string): DatasetRecord {
  return {
    id,
    name: `Dataset ${id}`,
    images: 20,
    annotations: 31,
    createdAt: new Date(createdAt),
    source: 'coco',
    boxConvention: 'exclusive',
    splits: { train: 12, val: 4, test: 3, none: 1 },
    storedImages: 20,
    annotationsObject: {
      key: `datasets/${id}`,
      sha256: '0'.repeat(64),
      contentType: 'application/gzip',
      bytes: 1234,
    },
    categories: [
      { id: 1, name: 'dress', type: 'full' },
      { id: 2, name: 'skirt', type: 'lower' },
    ],
  };
}

const REQUEST = { idempotencyKey: '1', name: 'n', folder: '/' };
const IMPORT = `mutation ($input: ImportDatasetInput!) { importDataset(input: $input) {
  import { id } dataset { id } userErrors { code message }
} }`;

let folder: TemporaryFolder;
let service: RunningDataset;
beforeAll(async () => {
  folder = await temporaryFolder('dataset');
  await seed(folder.path, [
    datasetOf('a', '2026-01-01T00:00:00.001Z'),
    datasetOf('b', '2026-01-02T00:00:00.002Z'),
    // The same moment as b: the id decides.
    datasetOf('c', '2026-01-02T00:00:00.002Z'),
  ]);
  service = await runDataset({ dataFolder: folder.path });
});
afterAll(async () => {
  await service.close();
  await folder.remove();
});

/** Stores datasets as imports of an earlier process left them. */
async function seed(dataFolder: string, datasets: readonly DatasetRecord[]): Promise<void> {
  const server = await openDatabaseServer({ dataFolder });
  const database = await server.schema('dataset');
  await migrate(database, assetPath('services/dataset/migrations'));
  for (const one of datasets) await database.transaction('test.seed', (tx) => saveDataset(tx, one));
  await server.close();
}

describe('GetDataset', () => {
  test('describes a dataset with its categories in their order', async () => {
    expect(await service.getDataset('a')).toEqual({
      datasetId: 'a',
      name: 'Dataset a',
      images: 20,
      annotations: 31,
      categories: [
        { id: 1, name: 'dress', type: 'full' },
        { id: 2, name: 'skirt', type: 'lower' },
      ],
      annotationsObject: {
        key: 'datasets/a',
        sha256: '0'.repeat(64),
        contentType: 'application/gzip',
        bytes: 1234,
      },
      splits: { train: 12, val: 4, test: 3, none: 1 },
      storedImages: 20,
      boxConvention: 'exclusive',
    });
  });

  test('fails with NOT_FOUND for an unknown id', async () => {
    await expect(service.getDataset('unknown')).rejects.toMatchObject({ code: NOT_FOUND });
  });
});

describe('the graph', () => {
  const LIST = `query ($first: Int!, $after: String) {
    datasets(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
  }`;

  test('lists datasets newest first, page after page', async () => {
    const first = await service.graph(LIST, { first: 2 });
    const { endCursor } = first.data.datasets.pageInfo;
    const second = await service.graph(LIST, { first: 2, after: endCursor });
    const ids = [first, second].flatMap(({ data }) =>
      data.datasets.edges.map(({ node }: { node: { id: string } }) => node.id),
    );
    expect(ids).toEqual(['dataset_c', 'dataset_b', 'dataset_a']);
    expect(second.data.datasets.pageInfo.hasNextPage).toBe(false);
  });

  test.each([
    ['dataset_a', 'Dataset a'],
    ['dataset_unknown', undefined],
  ])('finds %s by its global id, or nothing', async (id, name) => {
    const { data } = await service.graph(
      'query ($id: ID!) { dataset(id: $id) { name createdAt categories { number name type } } }',
      { id },
    );
    expect(data.dataset?.name).toBe(name);
  });

  test('resolves a reference of another subgraph', async () => {
    const { data } = await service.graph(
      `query ($representations: [_Any!]!) {
         _entities(representations: $representations) { ... on Dataset { name } }
       }`,
      { representations: [{ __typename: 'Dataset', id: 'dataset_b' }] },
    );
    expect(data._entities).toEqual([{ name: 'Dataset b' }]);
  });

  test.each([
    ['a folder that is not there', { folder: '/nowhere/at/all' }, 'FOLDER_NOT_FOUND'],
    ['an empty name', { name: ' ' }, 'INVALID_ARGUMENT'],
  ])('refuses %s at once', async (_, input, code) => {
    const { data } = await service.graph(IMPORT, { input: { ...REQUEST, ...input } });
    expect(data.importDataset).toMatchObject({ import: null, userErrors: [{ code }] });
  });

  test('takes mutations with the token only', async () => {
    const { errors } = await service.graph(IMPORT, { input: REQUEST }, 'wrong');
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('gives the address of annotations to who has the token only', async () => {
    const query = '{ dataset(id: "dataset_a") { annotationsUrl } }';
    const { data } = await service.graph(query);
    expect(data.dataset.annotationsUrl).toContain('datasets/a');
    const { errors } = await service.graph(query, {}, 'wrong');
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('knows no import that was not asked for', async () => {
    const { data } = await service.graph('{ datasetImport(id: "unknown") { id } }');
    expect(data.datasetImport).toBeNull();
  });
});
