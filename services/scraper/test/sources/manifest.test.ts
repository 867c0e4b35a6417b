import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '@deepstyle/testkit';
import { MemoryBudget } from '@deepstyle/vision';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RejectedSourceError } from '../../src/errors.ts';
import type { Fetcher } from '../../src/http/fetcher.ts';
import {
  checkManifestFile,
  type ManifestOptions,
  openManifest,
} from '../../src/sources/manifest.ts';
import { type ManifestEntry, readManifestBlock } from '../../src/sources/manifest-lines.ts';
import type { OpenedSource, SourceItem } from '../../src/sources/source-item.ts';
import { createSpool } from '../../src/sources/spool.ts';
import { inProcessParser } from '../in-process-parser.ts';

let root = '';
let remove = async () => {};
const spool = createSpool();
beforeEach(async () => {
  const folder = await temporaryFolder('scraper-manifest');
  root = folder.path;
  remove = folder.remove;
});
afterEach(() => Promise.all([spool.close(), remove()]));

const { signal } = new AbortController();
const memory = new MemoryBudget(1000).lease();

/** Serves one body for every address. */
function serving(body: string | Buffer, headers = {}): Fetcher {
  return {
    get: async (url, { into }) => {
      await into?.appendFile(body);
      return { url, headers, body: Buffer.alloc(0) };
    },
    close: async () => {},
  };
}

function options(manifest: string, change: Partial<ManifestOptions> = {}): ManifestOptions {
  return {
    manifest,
    season: 'FW2019',
    roots: ['*'],
    maxPhotoBytes: 100,
    userAgent: 'DeepStyle',
    fetcher: serving(''),
    parser: inProcessParser,
    spool,
    signal,
    ...change,
  };
}

async function read(opened: Promise<OpenedSource>): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of (await opened).items) items.push(item);
  return items;
}

async function manifest(...lines: unknown[]): Promise<string> {
  const path = join(root, 'manifest.jsonl');
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(path, `\uFEFF${text.join('\r\n')}\n\n`);
  return path;
}

describe('a manifest', () => {
  test('names files beside it and addresses, with what it says of them', async () => {
    await writeFile(join(root, 'a.jpg'), 'bytes');
    const path = await manifest(
      { file: 'a.jpg', category: 'dress', brand: 'Aurelle', title: 'Look 1', license: 'CC0-1.0' },
      { url: 'https://site.test/b.jpg#x', author: 'Nora K', category: null },
      { url: 'https://site.test/c.jpg', attribution: 'Drawn for Vastra' },
    );
    const [file, url, drawn] = await read(openManifest(options(path)));
    expect(file).toMatchObject({
      key: `file:${join(root, 'a.jpg')}`,
      name: 'a.jpg (manifest.jsonl, line 1)',
      claims: { category: 'dress', brand: 'Aurelle', title: 'Look 1', license: 'CC0-1.0' },
    });
    expect(url).toMatchObject({
      key: 'https://site.test/b.jpg',
      claims: { author: 'Nora K', category: null },
    });
    expect(drawn).toMatchObject({ claims: { author: 'Drawn for Vastra' } });
    if (file?.kind !== 'candidate') throw new Error('no file');
    expect(Buffer.from(await file.read(signal, memory)).toString()).toBe('bytes');
  });

  test('lines that cannot be used are rejected by number, and the others stand', async () => {
    const path = await manifest(
      '{"file": "a.jpg"',
      { title: 'x' },
      { file: 'a', url: 'b' },
      [],
      {
        url: 'http://[',
      },
      { file: 'b.jpg' },
    );
    const items = await read(openManifest(options(path)));
    expect(items.map((item) => ('code' in item ? item.code : 'taken'))).toEqual([
      ...Array.from({ length: 5 }, () => 'INVALID_LINE'),
      'taken',
    ]);
    expect(items[1]).toMatchObject({
      name: 'manifest.jsonl, line 2',
      reason: expect.stringContaining('exactly one of "url" and "file"'),
    });
  });

  test('lines of another season are left out and not counted', async () => {
    const path = await manifest(
      { file: 'a.jpg', season: 'FW2019' },
      { file: 'b.jpg', season: 'SS2019' },
      { file: 'c.jpg' },
    );
    const opened = await openManifest(options(path));
    expect(opened.expected).toBe(2);
  });

  test('a file that is missing or in no permitted folder is rejected when it is read', async () => {
    const folder = join(root, 'allowed');
    await mkdir(folder);
    await writeFile(join(root, 'secret.jpg'), 'secret');
    await symlink(join(root, 'secret.jpg'), join(folder, 'link.jpg'));
    const path = join(folder, 'manifest.jsonl');
    const files = ['../secret.jpg', join(root, 'secret.jpg'), 'link.jpg', 'missing.jpg'];
    await writeFile(path, files.map((file) => JSON.stringify({ file })).join('\n'));
    const codes: string[] = [];
    for (const item of await read(openManifest(options(path, { roots: [folder] })))) {
      if (item.kind !== 'candidate') throw new Error('not a candidate');
      const error = await item.read(signal, memory).catch((thrown: RejectedSourceError) => thrown);
      codes.push(error instanceof RejectedSourceError ? error.rejection : 'read');
    }
    expect(codes).toEqual(['OUTSIDE_FOLDER', 'OUTSIDE_FOLDER', 'OUTSIDE_FOLDER', 'UNREADABLE']);
  });

  test('a file that is no regular one is rejected and not waited for', async () => {
    const path = await manifest({ file: '/dev/null' });
    const [device] = await read(openManifest(options(path)));
    if (device?.kind !== 'candidate') throw new Error('not a candidate');
    const reading = device.read(signal, memory);
    await expect(reading).rejects.toMatchObject({ rejection: 'UNREADABLE' });
    await expect(reading).rejects.toThrow('no regular file');
  });

  test('from a URL may name addresses, also relative ones, but no files here', async () => {
    const fetcher = serving('{"url": "pictures/a.jpg"}\n{"file": "/etc/hostname"}\n');
    const location = 'https://site.test/fw2019/list.jsonl';
    const [url, file] = await read(openManifest(options(location, { fetcher })));
    expect(url).toMatchObject({ key: 'https://site.test/fw2019/pictures/a.jpg' });
    expect(file).toMatchObject({ kind: 'rejected', code: 'OUTSIDE_FOLDER' });
  });
});

test('whom a manifest credits is a link only where it leads to a page of the web', async () => {
  const path = await manifest(
    { file: 'a.jpg', author: 'javascript:alert(1)', license: 'data:text/html,x' },
    { file: 'b.jpg', author: 'https://nora.example/', license: 'CC0-1.0' },
  );
  expect(await read(openManifest(options(path)))).toMatchObject([
    { claims: { author: 'alert(1)', license: 'text/html,x' } },
    { claims: { author: 'https://nora.example/', license: 'CC0-1.0' } },
  ]);
});

describe('a manifest file is refused before a run begins', () => {
  test('where it is missing, empty or a folder', async () => {
    await writeFile(join(root, 'empty.jsonl'), '');
    const reason = (path: string) =>
      checkManifestFile(path, ['*']).catch((error: { reason: string }) => error.reason);
    expect(await reason(join(root, 'missing.jsonl'))).toBe('MANIFEST_NOT_FOUND');
    expect(await reason(root)).toBe('MANIFEST_NOT_FOUND');
    expect(await reason(join(root, 'empty.jsonl'))).toBe('MANIFEST_EMPTY');
  });
});

describe('a manifest costs no more than its size', () => {
  const location = 'https://site.test/list.jsonl';

  /** What was asked of the parser, and the most bytes of it at once. */
  function counting() {
    const seen = { blocks: 0, maxBytes: 0 };
    const parser: ManifestOptions['parser'] = {
      run: (task, input) => {
        seen.blocks += 1;
        if ('bytes' in input) seen.maxBytes = Math.max(seen.maxBytes, input.bytes.length);
        return inProcessParser.run(task, input);
      },
    };
    return { parser, seen };
  }

  test('lines that cannot be used are told up to a number and counted from there on', async () => {
    const lines = `${'{}\n'.repeat(50_000)}{"url": "a.jpg"}\n`;
    const opened = await openManifest(options(location, { fetcher: serving(lines) }));
    expect(opened.expected).toBe(22);
    const items = await read(Promise.resolve(opened));
    expect(items.slice(19, 21)).toMatchObject([
      { name: `${location}, line 20`, code: 'INVALID_LINE' },
      { kind: 'candidate', key: 'https://site.test/a.jpg' },
    ]);
    expect(items[21]).toMatchObject({
      kind: 'rejected',
      name: location,
      reason: '49980 more of its lines cannot be used.',
    });
  });

  test('a compressed one is unpacked piece by piece, and left at its limit of lines', async () => {
    const body = gzipSync(Buffer.alloc(60_000_000, '\n'));
    expect(body.length).toBeLessThan(60_000);
    const { parser, seen } = counting();
    const fetcher = serving(body, { 'content-encoding': 'gzip' });
    const opening = openManifest(options(location, { fetcher, parser }));
    await expect(opening).rejects.toMatchObject({
      rejection: 'TOO_LARGE',
      message: expect.stringContaining('2000000 lines'),
    });
    expect(seen.blocks * seen.maxBytes).toBeLessThan(3_000_000);
  });

  test('a line without end is told and not held', async () => {
    const { parser, seen } = counting();
    const body = Buffer.concat([Buffer.alloc(20_000_000, 'x'), Buffer.from('\n{"url": "a.jpg"}')]);
    const items = await read(openManifest(options(location, { fetcher: serving(body), parser })));
    expect(items).toMatchObject([
      { name: `${location}, line 1`, reason: 'The line is longer than 65536 bytes.' },
      { kind: 'candidate' },
    ]);
    expect(seen.maxBytes).toBeLessThan(1_000_000);
  });

  test('nesting is no more than a line that cannot be used', async () => {
    const deep = '['.repeat(60_000);
    const items = await read(openManifest(options(location, { fetcher: serving(deep) })));
    expect(items).toMatchObject([{ code: 'INVALID_LINE' }]);
  });

  test('what is compressed wrongly cannot be read', async () => {
    const fetcher = serving('no gzip', { 'content-encoding': 'gzip' });
    await expect(openManifest(options(location, { fetcher }))).rejects.toMatchObject({
      rejection: 'UNREADABLE',
    });
  });

  test('is read again from the start by whoever reads it again', async () => {
    const body = gzipSync('{"url": "a.jpg"}\n{"url": "b.jpg"}\n');
    const fetcher = serving(body, { 'content-encoding': 'gzip' });
    const opened = await openManifest(options(location, { fetcher }));
    expect([opened.expected, (await read(Promise.resolve(opened))).length]).toEqual([2, 2]);
  });
});

describe('lines', () => {
  const entriesOf = (text: string): readonly ManifestEntry[] =>
    readManifestBlock({
      bytes: Buffer.from(text),
      firstLine: 1,
      season: 'FW2019',
      base: null,
      maxProblems: 1000,
    }).entries;

  test('any text parses or is rejected as a line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const entry of entriesOf(text)) {
          if (entry.kind === 'problem') expect(entry.problem.code).toBe('INVALID_LINE');
          else expect('url' in entry.photo || 'file' in entry.photo).toBe(true);
        }
      }),
    );
  });

  test('what was written is read back', () => {
    const line = fc.record({
      file: fc.string({ minLength: 1 }),
      title: fc.stringMatching(/^[a-z]+$/),
    });
    fc.assert(
      fc.property(line, ({ file, title }) => {
        expect(entriesOf(JSON.stringify({ file, title: title.slice(0, 99) }))).toMatchObject([
          { number: 1, photo: { file, claims: { title: title.slice(0, 99) } } },
        ]);
      }),
    );
  });
});
