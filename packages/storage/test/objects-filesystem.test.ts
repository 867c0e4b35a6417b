import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open, symlink, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createFilesystemObjectStore,
  type ObjectStore,
  openObjects,
  verifySignedUrl,
} from '../src/index.ts';
import { describeObjectStore } from './contracts/object-store-contract.ts';

const SIGNING_KEY = 'a-key-of-these-tests';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function filesystemStore(root: string): Promise<ObjectStore> {
  return createFilesystemObjectStore({
    root,
    baseUrl: 'http://localhost:4000/',
    signingKey: SIGNING_KEY,
  });
}

describe('filesystem', () => {
  describeObjectStore(async () => {
    const folder = await temporaryFolder();
    const store = await filesystemStore(folder.path);
    return {
      store,
      damage: async (key) => {
        const file = await open(join(folder.path, 'objects', key), 'r+');
        await file.write('XX', 2);
        await file.close();
      },
      stop: async () => {
        await store.close();
        await folder.remove();
      },
    };
  });

  describe('hazards of files', () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let store: ObjectStore;
    beforeAll(async () => {
      folder = await temporaryFolder();
      store = await filesystemStore(folder.path);
    });
    afterAll(async () => {
      await folder.remove();
    });

    test('a key may be another one and a slash more', async () => {
      await store.put('both', bytesOf('file'), 'text/plain');
      await store.put('both/below', bytesOf('below'), 'text/plain');
      expect((await store.get('both')).length).toBe(4);
      expect((await store.get('both/below')).length).toBe(5);
    });

    test('a file that was cut off is damage, not a shorter object', async () => {
      await store.put('cut', new Uint8Array(10_000), 'text/plain');
      await truncate(join(folder.path, 'objects/cut'), 5000);
      await expect(store.get('cut')).rejects.toMatchObject({ reason: 'OBJECT_CORRUPT' });
      await expect(store.head('cut')).rejects.toMatchObject({ reason: 'OBJECT_CORRUPT' });
      const listed = [];
      for await (const item of store.list('cut')) listed.push(item.key);
      expect(listed).toEqual(['cut']);
    });

    test('bytes that look like a trailer are only bytes', async () => {
      await store.put('inner', bytesOf('x'), 'text/plain');
      const file = new Uint8Array(readFileSync(join(folder.path, 'objects/inner')));
      await store.put('outer', file, 'text/plain');
      expect(Buffer.from(await store.get('outer')).equals(Buffer.from(file))).toBe(true);
    });

    test('a picture stays a picture for other programs: its bytes come first', async () => {
      await store.put('picture.txt', bytesOf('first'), 'text/plain');
      expect(readFileSync(join(folder.path, 'objects/picture.txt'), 'latin1')).toMatch(/^first/);
    });

    test('what a killed writer left is no object, and is removed when it is old', async () => {
      const unfinished = join(folder.path, 'unfinished');
      writeFileSync(join(unfinished, 'old'), 'half');
      writeFileSync(join(unfinished, 'fresh'), 'half');
      const anHourAgo = new Date(Date.now() - 2 * 3_600_000);
      await utimes(join(unfinished, 'old'), anHourAgo, anHourAgo);
      await filesystemStore(folder.path);
      // The fresh one may be another process's, at work.
      expect(readdirSync(unfinished)).toEqual(['fresh']);
    });

    test('a writer killed at any moment leaves whole objects only', async () => {
      const root = join(folder.path, 'killed');
      const script = join(folder.path, 'writer.mjs');
      const source = join(import.meta.dirname, '../src/objects/filesystem-store.ts');
      writeFileSync(
        script,
        `import { createFilesystemObjectStore } from ${JSON.stringify(source)};
         const store = await createFilesystemObjectStore({ root: ${JSON.stringify(root)}, baseUrl: 'http://h', signingKey: '${SIGNING_KEY}' });
         console.log('ready');
         for (let i = 0; ; i += 1) await store.put('k/' + (i % 5), new Uint8Array(3_000_000).fill(i), 'text/plain');`,
      );
      const repository = join(import.meta.dirname, '../../..');
      const writer = spawn(
        process.execPath,
        ['--conditions=deepstyle:source', '--import', 'tsx', script],
        { stdio: ['ignore', 'pipe', 'inherit'], cwd: repository },
      );
      await new Promise((resolve) => writer.stdout.once('data', resolve));
      const survivors = await filesystemStore(root);
      while ((await survivors.head('k/4')) === null) await new Promise((r) => setTimeout(r, 5));
      await new Promise((resolve) => {
        writer.once('exit', resolve);
        writer.kill('SIGKILL');
      });
      for (const index of [0, 1, 2, 3, 4]) {
        expect(new Set(await survivors.get(`k/${index}`)).size).toBe(1);
      }
    });

    test('a link inside the store leads nowhere that a key could name', async () => {
      await symlink('/etc', join(folder.path, 'objects', 'link+'));
      // A folder's name ends in "+", so this key asks for the file objects/link+/passwd.
      await expect(store.get('link/passwd')).rejects.toMatchObject({ code: expect.any(String) });
      const listed = [];
      for await (const { key } of store.list('link')) listed.push(key);
      expect(listed).toEqual([]);
    });

    test('a folder that cannot be one is refused at the start, with its name', async () => {
      const path = join(folder.path, 'a-file');
      writeFileSync(path, '');
      await expect(filesystemStore(path)).rejects.toMatchObject({
        reason: 'OBJECT_STORE_SETTINGS',
        message: expect.stringContaining(path),
      });
    });

    test('a short signing key is refused', async () => {
      await expect(
        createFilesystemObjectStore({
          root: folder.path,
          baseUrl: 'http://h',
          signingKey: 'short',
        }),
      ).rejects.toMatchObject({ reason: 'OBJECT_STORE_SETTINGS' });
    });
  });

  describe('a full disk', () => {
    let root: string | null = null;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    beforeAll(async () => {
      folder = await temporaryFolder();
      const path = join(folder.path, 'small');
      mkdirSync(path);
      try {
        execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], {
          stdio: 'ignore',
        });
        root = path;
      } catch {
        // No right to mount: the test below says so.
      }
    });
    afterAll(async () => {
      if (root !== null) execFileSync('/bin/umount', [root]);
      await folder.remove();
    });

    test('is said as such, and nothing half-written stays', async () => {
      if (root === null) {
        console.warn('skipped: a small file system cannot be mounted here');
        return;
      }
      const store = await filesystemStore(root);
      await store.put('before', bytesOf('here'), 'text/plain');
      await expect(
        store.put('large', new Uint8Array(3_000_000), 'text/plain'),
      ).rejects.toMatchObject({ reason: 'STORAGE_FULL', code: 'RESOURCE_EXHAUSTED' });
      expect(readdirSync(join(root, 'unfinished'))).toEqual([]);
      expect(await store.head('large')).toBeNull();
      expect((await store.get('before')).length).toBe(4);
    });
  });
});

describe('signed URLs of the filesystem store', () => {
  let url: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    const store = await filesystemStore(folder.path);
    url = await store.signedUrl('photos/ab/one.jpg', 60);
    await folder.remove();
  });

  test('open the key that they were made for, whole or as path and query', () => {
    expect(url).toMatch(/^http:\/\/localhost:4000\/objects\/photos\/ab\/one\.jpg\?expires=\d+&sig/);
    expect(verifySignedUrl(SIGNING_KEY, url)).toBe('photos/ab/one.jpg');
    expect(verifySignedUrl(SIGNING_KEY, url.replace('http://localhost:4000', ''))).toBe(
      'photos/ab/one.jpg',
    );
  });

  test('end at their time', () => {
    expect(verifySignedUrl(SIGNING_KEY, url, Date.now() + 58_000)).toBe('photos/ab/one.jpg');
    expect(() => verifySignedUrl(SIGNING_KEY, url, Date.now() + 61_000)).toThrow('expired');
  });

  test.each([
    ['another key', (it: string) => it.replace('one', 'two')],
    ['a climbing key', (it: string) => it.replace('photos/ab', 'photos/x/../../secret')],
    ['an encoded key', (it: string) => it.replace('one', '%6fne')],
    ['a later time', (it: string) => it.replace(/expires=\d/, 'expires=9')],
    ['a time that is none', (it: string) => it.replace(/expires=\d+/, 'expires=1e99')],
    ['no signature', (it: string) => it.replace(/&signature=.*/, '')],
    ['a cut signature', (it: string) => it.slice(0, -1)],
    ['another path', (it: string) => it.replace('/objects/', '/')],
    ['no URL', () => 'http://['],
  ])('are refused with %s', (_what, change) => {
    expect(() => verifySignedUrl(SIGNING_KEY, change(url))).toThrow('not signed');
  });

  test('are refused under another signing key', () => {
    expect(() => verifySignedUrl('another-key-of-these-tests', url)).toThrow('not signed');
  });
});

describe('openObjects', () => {
  test('keeps one signing key in the data folder, for its owner alone', async () => {
    await using folder = await temporaryFolder();
    const options = { dataFolder: folder.path, publicUrl: 'http://localhost:4000' };
    const first = await openObjects(options);
    const second = await openObjects(options);
    const url = await first.store.signedUrl('a/b', 60);
    expect(second.verifySignedUrl?.(url)).toBe('a/b');
    expect(statSync(join(folder.path, 'signing-key')).mode & 0o777).toBe(0o600);
  });
});
