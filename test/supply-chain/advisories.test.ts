import { expect, jest, test } from '@jest/globals';
import {
  advisoryReport,
  askOsv,
  findAdvisories,
  NoAnswerError,
} from '../../scripts/supply-chain/advisories.mjs';

interface Query {
  readonly package: { readonly purl: string };
  readonly page_token?: string;
}

interface Result {
  readonly vulns?: readonly { readonly id: string }[];
  readonly next_page_token?: string;
}

const dependency = (name: string, shipped = true) => ({
  id: `${name}@1.0.0`,
  name,
  version: '1.0.0',
  shipped,
});

const SUMMARIES: Record<string, object> = {
  'GHSA-aaaa': { summary: 'Reads beyond its buffer' },
  'GHSA-bbbb': { summary: 'Not a fault after all', withdrawn: '2026-01-01T00:00:00Z' },
  'MAL-cccc': { summary: 'Sends \u001b[2Jkeys away' },
};

/** A database that answers each query by `results`, and says what it was asked. */
function database(results: (query: Query) => Result) {
  const batches: Query[][] = [];
  const ask = async (path: string, body?: { queries: Query[] }): Promise<object> => {
    if (body === undefined) return SUMMARIES[path.replace('/vulns/', '')] ?? {};
    batches.push(body.queries);
    return { results: body.queries.map(results) };
  };
  return { ask, batches };
}

test('nothing known is no advisory', async () => {
  const { ask, batches } = database(() => ({}));
  expect(await findAdvisories([dependency('@a/b')], ask)).toEqual([]);
  expect(batches).toEqual([[{ package: { purl: 'pkg:npm/%40a/b@1.0.0' } }]]);
});

test('more packages than a question may hold are asked about in several, and pages are turned', async () => {
  const { ask, batches } = database(({ package: { purl }, page_token: page }) => {
    if (!purl.includes('p7@')) return {};
    return page ? { vulns: [{ id: 'MAL-cccc' }] } : { vulns: [], next_page_token: 'next' };
  });
  const packages = Array.from({ length: 1001 }, (_, index) => dependency(`p${index}`));
  const found = await findAdvisories(packages, ask);
  expect(found.map(({ id }) => id)).toEqual(['MAL-cccc']);
  expect(batches.map(({ length }) => length)).toEqual([1000, 2]);
});

test('one advisory on two packages is told once, what ships before tools, withdrawn ones not at all', async () => {
  const { ask } = database(({ package: { purl } }) => {
    if (purl.includes('tool')) return { vulns: [{ id: 'MAL-cccc' }, { id: 'GHSA-bbbb' }] };
    return { vulns: [{ id: 'GHSA-aaaa' }] };
  });
  const packages = [dependency('tool', false), dependency('one'), dependency('two')];
  const report = advisoryReport(await findAdvisories(packages, ask));
  expect(report.split('\n')).toEqual([
    'GHSA-aaaa: Reads beyond its buffer',
    '    https://osv.dev/vulnerability/GHSA-aaaa',
    '    one@1.0.0',
    '    two@1.0.0',
    'MAL-cccc: Sends  [2Jkeys away',
    '    https://osv.dev/vulnerability/MAL-cccc',
    '    tool@1.0.0 (a tool: does not ship)',
  ]);
});

test.each([
  ['fewer results than questions', { results: [{}] }],
  ['something else', { message: 'over quota' }],
])('an answer that leaves packages out is none: %s', async (_case, answer) => {
  const packages = [dependency('one'), dependency('two')];
  await expect(findAdvisories(packages, async () => answer)).rejects.toBeInstanceOf(NoAnswerError);
});

test.each([
  ['a refusal', () => Promise.resolve(new Response('', { status: 405 })), 'HTTP 405'],
  ['no network', () => Promise.reject(new TypeError('x', { cause: new Error('gone') })), 'gone'],
  ['no JSON', () => Promise.resolve(new Response('<html>')), 'JSON'],
])(
  'a database that cannot be asked is told as such, not as one that knows nothing: %s',
  async (_case, answer, words) => {
    const fetching = jest.spyOn(globalThis, 'fetch').mockImplementation(answer);
    try {
      const asked = askOsv('/querybatch', { queries: [] });
      await expect(asked).rejects.toBeInstanceOf(NoAnswerError);
      await expect(asked).rejects.toThrow(words);
    } finally {
      fetching.mockRestore();
    }
  },
);
