import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createParser, type Parser, type ParserOptions } from '../../src/parser/parser.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('scraper-parser');
});
afterAll(() => folder.remove());

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function parser(options: ParserOptions = {}): Parser {
  const created = createParser(options);
  closing.push(created.close);
  return created;
}

/** A parser whose thread does `code` with the text of each page, in place of what the built one does. */
async function parserThatDoes(code: string, options: ParserOptions = {}): Promise<Parser> {
  const path = join(folder.path, `${crypto.randomUUID()}.mjs`);
  await writeFile(
    path,
    `import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ input }) => {
      const text = new TextDecoder().decode(input.body);
      ${code}
      parentPort.postMessage({ kind: 'done', output: { images: [], links: [], thread: threadId } });
    });`,
  );
  return parser({ workerUrl: path, ...options });
}

function page(html: string) {
  const body = Buffer.from(html);
  return { body, contentType: 'text/html', url: 'http://site.test/', userAgent: 'DeepStyle/1.0' };
}

describe('a text', () => {
  test('is read on another thread, with the same result', async () => {
    const { run } = parser();
    const content = await run('page', page('<img src="1.jpg" alt="Look"><a href="/2">2</a>'));
    expect(content).toMatchObject({
      images: [{ url: 'http://site.test/1.jpg', claims: { title: 'Look' } }],
      links: [{ url: 'http://site.test/2', isNextPage: false }],
    });
    const body = Buffer.from('User-agent: *\nDisallow: /x');
    expect(await run('robots', { body, token: 'deepstyle' })).toMatchObject({
      patterns: ['/x'],
      allow: Uint8Array.of(0),
    });
  });

  test('that is refused by its reader is rejected by name', async () => {
    await expect(parser().run('page', page('<b>'.repeat(1000)))).rejects.toMatchObject({
      rejection: 'TOO_COSTLY',
      message: expect.stringContaining('512 deep'),
    });
  });

  test('of as many robots as rules is read in the memory that its size needs', async () => {
    const lines = (line: (n: number) => string) =>
      Array.from({ length: 2500 }, (_, n) => line(n)).join('\n');
    const body = Buffer.from(
      `${lines((n) => `User-agent: r${n}`)}\nUser-agent: *\n${lines((n) => `Disallow: /${n}`)}`,
    );
    const { run } = parser({ maxHeapMb: 24 });
    expect((await run('robots', { body, token: 'deepstyle' })).patterns).toHaveLength(2500);
  });

  test('that takes too much memory is rejected by name, and the next is read', async () => {
    const { run } = await parserThatDoes(
      `const kept = []; while (text === 'much') kept.push({ kept: [...kept.slice(-1000)] });`,
      { maxHeapMb: 32 },
    );
    const results = await Promise.allSettled([
      run('page', page('little')),
      run('page', page('much')),
      run('page', page('little')),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { reason: { rejection: 'TOO_COSTLY', message: expect.stringContaining('32 MB') } },
      { status: 'fulfilled' },
    ]);
  });

  test('that takes too long is rejected by name, and the next is read by another thread', async () => {
    const { run } = await parserThatDoes(`while (text === 'long');`, { maxSeconds: 5 });
    const first = await run('page', page('short'));
    await expect(run('page', page('long'))).rejects.toMatchObject({
      rejection: 'TOO_COSTLY',
      message: expect.stringContaining('5 seconds'),
    });
    expect(await run('page', page('short'))).not.toEqual(first);
  });
});

test('a fault of the thread is told as it is, and the next text gets another thread', async () => {
  const { run } = await parserThatDoes(`if (text === 'fault') throw new Error('a fault');`);
  await expect(run('page', page('fault'))).rejects.toThrow('a fault');
  expect(await run('page', page('no fault'))).toMatchObject({ images: [] });
});

test('a thread that cannot start is told as it is', async () => {
  const { run } = parser({ workerUrl: join(folder.path, 'missing.mjs') });
  await expect(run('page', page(''))).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' });
});

test('closing ends what is under way and what waits', async () => {
  const { run, close } = await parserThatDoes(`while (text === 'long');`);
  const results = Promise.allSettled([run('page', page('long')), run('page', page('short'))]);
  await close();
  expect(await results).toMatchObject([
    { reason: { message: 'the parser is closed' } },
    { reason: { message: 'the parser is closed' } },
  ]);
});
