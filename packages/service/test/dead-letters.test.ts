import { createLogger } from '@deepstyle/platform';
import { type DeadLetter, DeadLetterNotFoundError } from '@deepstyle/storage';
import { beforeEach, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { withDeadLetters } from '../src/graph/dead-letters.ts';
import { createSubgraph } from '../src/index.ts';

const RUN = '0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
const bytes = (text: string) => new TextEncoder().encode(text);

function letter(place: number, data: Uint8Array, rest: Partial<DeadLetter> = {}): DeadLetter {
  const at = new Date('2026-01-02T03:04:05Z');
  return {
    id: `EVENTS.cropper-photos.${place}`,
    place,
    stream: 'EVENTS',
    durable: 'cropper-photos',
    message: {
      subject: 'deepstyle.photo.stored.v1',
      id: 'm',
      headers: {},
      data,
      sequence: 9,
      storedAt: at,
    },
    attempts: 8,
    reason: 'it is sick',
    at,
    ...rest,
  };
}

let letters: DeadLetter[];
const remove = async (id: string): Promise<void> => {
  if (!letters.some((each) => each.id === id)) throw new DeadLetterNotFoundError(id);
  letters = letters.filter((each) => each.id !== id);
};
const bus = {
  deadLetters: async ({ after, limit }: { readonly after: number; readonly limit: number }) =>
    letters.filter(({ place }) => place > after).slice(0, limit),
  deadLetter: async (id: string) => letters.find((each) => each.id === id) ?? null,
  retryDeadLetter: remove,
  dropDeadLetter: remove,
};
const logger = createLogger({ level: 'silent', name: 'test' });
// The cropper has no mutations of its own.
const subgraph = createSubgraph('cropper', withDeadLetters({}, bus), () => ({}), logger);

const ask = (source: string, variableValues: Record<string, unknown> = {}, authorized = true) =>
  graphql({
    schema: subgraph.schema,
    source,
    variableValues,
    contextValue: subgraph.context(authorized),
  });

beforeEach(() => {
  letters = [
    letter(3, bytes(JSON.stringify({ run: { id: RUN }, photo: {} }))),
    letter(5, bytes(JSON.stringify({ runId: RUN })), {
      id: 'JOBS.gan-trainer-train.5',
      stream: 'JOBS',
      durable: 'gan-trainer-train',
    }),
    letter(8, bytes('no JSON \u001b[2J'), { durable: 'forgotten', reason: 'turned \u202e' }),
  ];
});

const LIST = `query ($first: Int!, $after: String) { deadLetters(first: $first, after: $after) {
  edges { node { id stream service work subject messageId attempts cause at run payload payloadBytes } }
  pageInfo { hasNextPage endCursor }
} }`;

// biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
const page = async (variables: object, authorized = true): Promise<any> =>
  (await ask(LIST, { first: 2, ...variables }, authorized)).data?.deadLetters;

test('the letters are listed oldest first, with what gave them up, why, and the run they belong to', async () => {
  const first = await page({});
  const common = { attempts: 8, at: '2026-01-02T03:04:05.000Z', run: `run_${RUN}` };
  expect(first.edges).toMatchObject([
    { node: { ...common, stream: 'EVENTS', service: 'cropper', work: 'photos' } },
    { node: { ...common, stream: 'JOBS', service: 'gan-trainer', work: 'train' } },
  ]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await page({ after: first.pageInfo.endCursor });
  expect(second.edges).toMatchObject([{ node: { service: null, work: 'forgotten', run: null } }]);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test('what a message says is told to those with the token alone, cut and cleaned', async () => {
  letters = [letter(1, bytes(`\u001b[2J${'x'.repeat(10_000)}`), { reason: 'turned \u202e' })];
  const [{ node }] = (await page({})).edges;
  expect(node).toMatchObject({ cause: 'turned \\u202e', payloadBytes: 10_004 });
  expect(node.payload).toBe(`\\u001b[2J${'x'.repeat(4_092)}`);
  const [unauthorized] = (await page({}, false)).edges;
  expect(unauthorized.node).toMatchObject({ cause: 'turned \\u202e', payload: null });
});

test.each(['nonsense', 'WyJhIl0', 'W10', 'WyItMSJd'])('%j is no cursor', async (after) => {
  const { errors } = await ask(LIST, { first: 2, after });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('one letter is read by its id; one that is not there is null', async () => {
  const ONE = 'query ($id: ID!) { deadLetter(id: $id) { id work } }';
  const one = await ask(ONE, { id: 'JOBS.gan-trainer-train.5' });
  expect(one.data?.deadLetter).toMatchObject({ work: 'train' });
  expect((await ask(ONE, { id: 'JOBS.none.1' })).data?.deadLetter).toBeNull();
});

test.each(['retryDeadLetter', 'dropDeadLetter'])(
  '%s needs the token, and an id that is there',
  async (name) => {
    const mutation = `mutation ($id: ID!) { ${name}(input: { id: $id }) { id userErrors { code message } } }`;
    const id = 'EVENTS.cropper-photos.3';
    const refused = await ask(mutation, { id }, false);
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(letters).toHaveLength(3);
    expect((await ask(mutation, { id })).data?.[name]).toEqual({ id, userErrors: [] });
    expect(letters).toHaveLength(2);
    expect((await ask(mutation, { id })).data?.[name]).toMatchObject({
      id: null,
      userErrors: [{ code: 'DEAD_LETTER_NOT_FOUND' }],
    });
  },
);
