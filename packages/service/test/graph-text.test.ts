import { createLogger } from '@deepstyle/platform';
import { SqlError } from '@deepstyle/storage';
import { expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { createSubgraph, mutate } from '../src/index.ts';

const asked: unknown[] = [];
const subgraph = createSubgraph(
  'dataset',
  {
    Query: {
      dataset: (_parent: never, { id }: { readonly id: string }) => {
        asked.push(id);
        throw new SqlError('dataset.find', '22021', new Error('invalid byte sequence: 0x00'));
      },
    },
    Mutation: {
      importDataset: (_parent: never, args: object, context: never) =>
        mutate(context, async () => {
          asked.push(args);
          return { datasetImport: null };
        }),
    },
    Dataset: { name: ({ id }: { readonly id: string }) => asked.push(id) },
  },
  () => ({}),
  createLogger({ level: 'silent', name: 'test' }),
);

const ask = (source: string, variableValues: Record<string, unknown>, authorized = true) =>
  graphql({
    schema: subgraph.schema,
    source,
    variableValues,
    contextValue: subgraph.context(authorized),
  });

const IMPORT = `mutation ($input: ImportDatasetInput!) {
  importDataset(input: $input) { userErrors { code field message } }
}`;
const input = { idempotencyKey: 'k', name: 'n', folder: '/data' };

test.each(['nul\0', 'half \udc00', 'escape \u001b[2J', 'turned \u202e'])(
  '%j in an input is an error of the user, by its field',
  async (name) => {
    asked.length = 0;
    const { data, errors } = await ask(IMPORT, { input: { ...input, name } });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      importDataset: { userErrors: [{ code: 'INVALID_ARGUMENT', field: 'name' }] },
    });
    expect(asked).toEqual([]);
  },
);

test('without a token nothing is told of an input', async () => {
  const { errors } = await ask(IMPORT, { input: { ...input, name: '\0' } }, false);
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test('an input of plain text reaches the service', async () => {
  asked.length = 0;
  await ask(IMPORT, { input: { ...input, name: 'Größe 👗' } });
  expect(asked).toHaveLength(1);
});

test('an id that is no text is refused before it is looked for', async () => {
  asked.length = 0;
  const { errors } = await ask('query ($id: ID!) { dataset(id: $id) { id } }', { id: 'a\0' });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(asked).toEqual([]);
});

test('so is the id of an entity, also where nothing resolves its reference', async () => {
  asked.length = 0;
  const { errors } = await ask(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Dataset { name } } }',
    { of: [{ __typename: 'Dataset', id: 'a\0' }] },
  );
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(asked).toEqual([]);
});

test('what the database says of a statement is not told', async () => {
  const { errors } = await ask('query ($id: ID!) { dataset(id: $id) { id } }', { id: 'a' });
  expect(errors?.[0]?.message).not.toMatch(/byte sequence|0x00/);
});
