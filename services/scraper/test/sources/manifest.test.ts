import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RejectedSourceError } from '../../src/errors.ts';
import type { Fetcher } from '../../src/http/fetcher.ts';
import {
  checkManifestFile,
  type ManifestOptions,
  openManifest,
  parseLine,
  parseLines,
} from '../../src/sources/manifest.ts';
import type { OpenedSource, SourceItem } from '../../src/sources/source-item.ts';

let root = '';
let remove = async () => {};
beforeEach(async () => {
  const folder = await temporaryFolder('scraper-manifest');
  root = folder.path;
  remove = folder.remove;
});
afterEach(() => remove());

const { signal } = new AbortController();

/** Serves one text for every address. */
function serving(text: string): Fetcher {
  return {
    get: async (url) => ({ url, headers: {}, body: Buffer.from(text) }),
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
    expect(Buffer.from(await file.read(signal)).toString()).toBe('bytes');
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
      const error = await item.read(signal).catch((thrown: RejectedSourceError) => thrown);
      codes.push(error instanceof RejectedSourceError ? error.rejection : 'read');
    }
    expect(codes).toEqual(['OUTSIDE_FOLDER', 'OUTSIDE_FOLDER', 'OUTSIDE_FOLDER', 'UNREADABLE']);
  });

  test('from a URL may name addresses, also relative ones, but no files here', async () => {
    const fetcher = serving('{"url": "pictures/a.jpg"}\n{"file": "/etc/hostname"}\n');
    const location = 'https://site.test/fw2019/list.jsonl';
    const [url, file] = await read(openManifest(options(location, { fetcher })));
    expect(url).toMatchObject({ key: 'https://site.test/fw2019/pictures/a.jpg' });
    expect(file).toMatchObject({ kind: 'rejected', code: 'OUTSIDE_FOLDER' });
  });
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

describe('lines', () => {
  test('any text parses or is rejected as a line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const { content } of parseLines(text, 'FW2019')) {
          if (content instanceof RejectedSourceError)
            expect(content.rejection).toBe('INVALID_LINE');
          else expect(content.url ?? content.file).toBeDefined();
        }
      }),
    );
  });

  test('what was written is read back', () => {
    const line = fc.record({ file: fc.string({ minLength: 1 }), title: fc.string() });
    fc.assert(
      fc.property(line, (written) => {
        expect(parseLine(JSON.stringify(written))).toEqual(written);
      }),
    );
  });
});
