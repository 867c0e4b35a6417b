import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceCalls } from '@deepstyle/contracts';
import { createLogger, readSettings } from '@deepstyle/platform';
import { RemoteError, type ServiceOutbox } from '@deepstyle/service';
import type { Database, ObjectStore } from '@deepstyle/storage';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SCRAPER_SETTINGS } from '../src/config.ts';
import { createScraper } from '../src/scraper.ts';
import { drawJpeg } from './drawn-photos.ts';
import { type RunningScraper, runScraper } from './running-scraper.ts';

let input: TemporaryFolder;
let scraper: RunningScraper;
let folder = '';

beforeAll(async () => {
  input = await temporaryFolder('scraper-input');
  folder = join(input.path, 'photos');
  await mkdir(folder);
  await writeFile(join(folder, 'a.jpg'), await drawJpeg(1));
  await mkdir(join(input.path, 'empty'));
  scraper = await runScraper({ settings: { SCRAPER_FOLDERS: input.path } });
});
afterAll(async () => {
  await scraper.close();
  await input.remove();
});

async function problem(change: object): Promise<string> {
  const { run, userErrors } = await scraper.startRun({ sources: [{ folder }], ...change });
  return run === null ? userErrors.map(({ code, field }) => `${code} ${field}`).join() : 'started';
}

const runCount = async (): Promise<number> => {
  const { runs } = await scraper.query('{ runs(first: 100) { edges { node { id } } } }');
  return runs.edges.length;
};

describe('starting a run', () => {
  test('needs the token', async () => {
    const { errors } = await scraper.graph(
      'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } } }',
      { input: { idempotencyKey: 'k', season: 'FW2019', sources: [{ folder }] } },
      null,
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });

  test('what a person can mend is told as a user error, and no run exists', async () => {
    const before = await runCount();
    const cases: [object, string][] = [
      [{ season: 'fw2019' }, 'INVALID_ARGUMENT season'],
      [{ season: 'FW19' }, 'INVALID_ARGUMENT season'],
      [{ idempotencyKey: ' ' }, 'INVALID_ARGUMENT idempotencyKey'],
      [{ sources: [] }, 'INVALID_ARGUMENT sources'],
      [{ sources: [{}] }, 'INVALID_ARGUMENT sources'],
      [{ sources: [{ folder, url: 'http://a.test' }] }, 'INVALID_ARGUMENT sources'],
      [{ sources: Array.from({ length: 21 }, () => ({ folder })) }, 'INVALID_ARGUMENT sources'],
      [{ gan: { steps: 0 } }, 'INVALID_ARGUMENT gan.steps'],
      [{ detector: '' }, 'INVALID_ARGUMENT detector'],
      [{ sources: [{ folder: join(input.path, 'missing') }] }, 'FOLDER_NOT_FOUND null'],
      [{ sources: [{ folder: join(input.path, 'empty') }] }, 'FOLDER_EMPTY null'],
      [{ sources: [{ folder: join(folder, 'a.jpg') }] }, 'NOT_A_FOLDER null'],
      [{ sources: [{ folder: '/etc' }] }, 'FOLDER_NOT_PERMITTED null'],
      [{ sources: [{ manifest: '/etc/hostname' }] }, 'FOLDER_NOT_PERMITTED null'],
      [{ sources: [{ manifest: join(input.path, 'missing.jsonl') }] }, 'MANIFEST_NOT_FOUND null'],
      [{ sources: [{ url: 'pictures' }] }, 'INVALID_ARGUMENT sources'],
      [{ sources: [{ url: 'ftp://site.test/' }] }, 'UNSUPPORTED_URL null'],
      [{ sources: [{ url: 'http://127.0.0.1:1/' }] }, 'URL_NOT_PERMITTED null'],
      [{ sources: [{ url: 'http://localhost/' }] }, 'URL_NOT_PERMITTED null'],
      [{ sources: [{ manifest: 'http://[::1]/list.jsonl' }] }, 'URL_NOT_PERMITTED null'],
      [{ sources: [{ folder }, { url: 'http://10.0.0.1/' }] }, 'URL_NOT_PERMITTED null'],
    ];
    for (const [change, expected] of cases) {
      expect([change, await problem(change)]).toEqual([change, expected]);
    }
    expect(await runCount()).toBe(before);
  });

  test('the message names the folder and the way out', async () => {
    const empty = join(input.path, 'empty');
    const { userErrors } = await scraper.startRun({ sources: [{ folder: empty }] });
    expect(userErrors[0]?.message).toContain(empty);
    expect(userErrors[0]?.message).toContain('Put photographs into it');
  });

  test('a key starts one run, at the same time too, and answers with it although the folder is gone', async () => {
    const gone = join(input.path, 'gone');
    await cp(folder, gone, { recursive: true });
    const request = { idempotencyKey: 'once', sources: [{ folder: gone }] };
    const started = await Promise.all(Array.from({ length: 5 }, () => scraper.startRun(request)));
    const ids = new Set(started.map(({ run }) => run?.id));
    expect(ids.size).toBe(1);
    const done = await scraper.finished(started[0]?.run?.id ?? '');
    expect(done.photoCounts.stored).toBe(1);
    await rm(gone, { recursive: true });
    const again = await scraper.startRun(request);
    expect(ids).toContain(again.run?.id);
  });

  test('a key is refused with another request, and no other run is answered or begun', async () => {
    const request = { idempotencyKey: 'reused', sources: [{ folder }] };
    const { run } = await scraper.startRun(request);
    const before = await runCount();
    const others = [
      { season: 'SS2020' },
      { brand: 'Another' },
      { sources: [{ folder: input.path }] },
      { gan: { steps: 7 } },
      { detector: null },
    ];
    for (const other of others) {
      const answer = await scraper.startRun({ ...request, ...other });
      expect([other, answer.run, answer.userErrors[0]?.code]).toEqual([
        ...[other, null, 'IDEMPOTENCY_KEY_REUSED'],
      ]);
      expect(answer.userErrors[0]?.message).toContain(run?.id);
    }
    expect(await runCount()).toBe(before);
  });
});

test('a run from before digests of requests were kept is answered, whatever its request was', async () => {
  const known = { id: 'r-1', requestDigest: null };
  const before = createScraper({
    database: { transaction: async () => known } as unknown as Database,
    objects: {} as ObjectStore,
    outbox: {} as ServiceOutbox,
    calls: {} as ServiceCalls,
    clock: () => new Date(),
    logger: createLogger({ level: 'silent', name: 'test' }),
    settings: readSettings(SCRAPER_SETTINGS, {}),
  });
  const request = { idempotencyKey: 'k', season: 'FW2019', sources: [{ folder }] };
  expect(await before.startRun(request)).toBe(known);
});

describe('the detector', () => {
  const scraperWith = (getActiveDetectorModel: ServiceCalls['getActiveDetectorModel']) =>
    scraperThatCalls({ getActiveDetectorModel });
  function scraperThatCalls(calls: Partial<ServiceCalls>) {
    return createScraper({
      database: { transaction: async () => null } as unknown as Database,
      objects: {} as ObjectStore,
      outbox: {} as ServiceOutbox,
      calls: calls as ServiceCalls,
      clock: () => new Date(),
      logger: createLogger({ level: 'silent', name: 'test' }),
      settings: readSettings(SCRAPER_SETTINGS, {}),
    });
  }
  const request = () => ({ idempotencyKey: 'k', season: 'FW2019', sources: [{ folder }] });

  test('may be named by its id, global or not, if it is the active one', async () => {
    const active = scraperWith(() => Promise.resolve({ modelId: 'm-1', categories: [] }));
    for (const detector of ['detector_m-1', 'm-1', 'none'])
      await expect(active.startRun({ ...request(), detector })).resolves.toBeDefined();
    await expect(active.startRun({ ...request(), detector: 'm-2' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/none.*m-1.*m-2/),
    });
  });

  test('by the joints of people is a model like another, once its network is there', async () => {
    const asked: string[] = [];
    const getPoseDetectorModel = async () => {
      asked.push('pose');
      return { modelId: 'm-pose', categories: ['upper'] };
    };
    const { startRun } = scraperThatCalls({ getPoseDetectorModel });
    await expect(startRun({ ...request(), detector: 'pose' })).resolves.toBeDefined();
    expect(asked).toEqual(['pose']);
  });

  test('by the joints of people and its network is missing, that is told', async () => {
    const message = 'scripts/pose/fetch.sh fetches it';
    const getPoseDetectorModel = () =>
      Promise.reject(new RemoteError({ code: 'FAILED_PRECONDITION', message }));
    const { startRun } = scraperThatCalls({ getPoseDetectorModel });
    await expect(startRun({ ...request(), detector: 'pose' })).rejects.toThrow(message);
  });

  test('not named and none trained, the way out is told', async () => {
    const remote = () =>
      Promise.reject(new RemoteError({ code: 'FAILED_PRECONDITION', message: 'not trained yet' }));
    await expect(scraperWith(remote).startRun(request())).rejects.toMatchObject({
      reason: 'DETECTOR_NOT_TRAINED',
      message: expect.stringContaining('Pass detector "none"'),
    });
  });

  test('not named and its service away, that is told instead', async () => {
    const remote = () => Promise.reject(new RemoteError({ code: 'UNAVAILABLE', message: 'away' }));
    await expect(scraperWith(remote).startRun(request())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });
});

describe('the graph', () => {
  test('leads from a run to its photographs, page by page, with images', async () => {
    const many = join(input.path, 'many');
    await mkdir(join(many, 'coat'), { recursive: true });
    for (let i = 0; i < 5; i += 1) {
      await writeFile(join(many, 'coat', `${i}.jpg`), await drawJpeg(30 + i));
    }
    const { run } = await scraper.startRun({ sources: [{ folder: many }] });
    await scraper.finished(run!.id);
    const query = `query ($id: ID!, $after: String) { run(id: $id) { photos(first: 2, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id category attribution { source } image { url(width: 256) width height dominantColor } } } } } }`;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer: {
        run: {
          photos: {
            pageInfo: { hasNextPage: boolean; endCursor: string };
            edges: { node: { id: string } }[];
          };
        };
      } = await scraper.query(query, { id: run!.id, after });
      const { pageInfo, edges } = answer.run.photos;
      for (const { node } of edges) {
        const sha = node.id.slice('photo_'.length);
        expect(node).toMatchObject({
          category: 'coat',
          attribution: { source: expect.stringMatching(/^many\/coat\/\d\.jpg$/) },
          image: {
            url: `/images/photos/${sha.slice(0, 2)}/${sha}?w=256&f=webp`,
            width: 64,
            height: 96,
            dominantColor: expect.stringMatching(/^#[0-9a-f]{6}$/),
          },
        });
        seen.push(node.id);
      }
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toHaveLength(5);
  });

  test('what is not there is null, an id of another type is refused', async () => {
    const { run, photo } = await scraper.query(
      '{ run(id: "run_nothing") { id } photo(id: "photo_nothing") { id } }',
    );
    expect([run, photo]).toEqual([null, null]);
    await expect(scraper.query('{ run(id: "photo_x") { id } }')).rejects.toThrow(
      'not the id of a Run',
    );
  });

  test('a cursor that was made up harms nothing', async () => {
    const after = Buffer.from('["x", "y"]').toString('base64url');
    await expect(
      scraper.query(
        'query ($after: String) { runs(first: 1, after: $after) { edges { cursor } } }',
        { after },
      ),
    ).resolves.toBeDefined();
  });

  test('entities are found by reference, many at once', async () => {
    const { run } = await scraper.startRun({ idempotencyKey: 'found', sources: [{ folder }] });
    const { _entities } = await scraper.query(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Run { id season } } }`,
      {
        representations: [
          { __typename: 'Run', id: run!.id },
          { __typename: 'Run', id: 'run_x' },
        ],
      },
    );
    expect(_entities).toEqual([{ id: run!.id, season: 'FW2019' }, null]);
  });
});
