import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assetPath } from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inspectApart } from '../../src/inspector/inspect-apart.ts';
import { inspectPhotograph } from '../../src/photograph.ts';
import { drawJpeg } from '../drawn-photos.ts';

const LIMITS = { maxPhotoBytes: 1_000_000, maxPhotoPixels: 1_000_000 };
const never = new AbortController().signal;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('scraper-inspector');
});
afterAll(() => folder.remove());

/** A process that does this with a photograph, in place of what the built one does. */
async function processThatDoes(code: string): Promise<string> {
  const path = join(folder.path, `${crypto.randomUUID()}.mjs`);
  await writeFile(
    path,
    `process.on('message', () => { ${code} });
    process.send({ kind: 'ready' });`,
  );
  return path;
}

describe('a photograph that is inspected by a process of its own', () => {
  test('is the same as inspected here', async () => {
    const bytes = await drawJpeg(1);
    expect(await inspectApart(bytes, LIMITS, never)).toEqual(
      await inspectPhotograph(bytes, LIMITS),
    );
  });

  test('is rejected for the same reason', async () => {
    const cut = (await drawJpeg(1)).subarray(0, 400);
    const here = await inspectPhotograph(cut, LIMITS).catch((error: unknown) => error);
    await expect(inspectApart(cut, LIMITS, never)).rejects.toMatchObject({
      rejection: 'TRUNCATED',
      message: (here as Error).message,
    });
  });

  test.each([
    ['a signal', `process.kill(process.pid, 'SIGSEGV')`, 'SIGSEGV'],
    ['an exit', 'process.exit(134)', 'exit code 134'],
  ])('and ends it by %s is rejected as CRASHED', async (_, code, end) => {
    const entry = await processThatDoes(code);
    await expect(inspectApart(await drawJpeg(1), LIMITS, never, entry)).rejects.toMatchObject({
      rejection: 'CRASHED',
      message: expect.stringContaining(end),
    });
  });

  test('is not blamed where the process does not start', async () => {
    const entry = join(folder.path, 'missing.mjs');
    await expect(inspectApart(await drawJpeg(1), LIMITS, never, entry)).rejects.toThrow(
      'did not start: exit code 1',
    );
  });

  test('is not blamed for a fault that is told', async () => {
    const entry = await processThatDoes(`process.send({ kind: 'failed', message: 'a fault' })`);
    await expect(inspectApart(await drawJpeg(1), LIMITS, never, entry)).rejects.toThrow('a fault');
  });

  test('is given up when the signal aborts', async () => {
    const over = new AbortController();
    const entry = await processThatDoes('');
    const inspected = inspectApart(await drawJpeg(1), LIMITS, over.signal, entry);
    over.abort(new Error('over'));
    await expect(inspected).rejects.toThrow('over');
  });
});

test('Ctrl-C, which reaches the process too, is not taken for the fault of a photograph', async () => {
  const bytes = await drawJpeg(1);
  const path = join(folder.path, `${crypto.randomUUID()}.mjs`);
  // The built process as it is begun, and a Ctrl-C before it is given the photograph.
  await writeFile(
    path,
    `const send = process.send.bind(process);
    process.send = (message) => {
      if (message.kind === 'ready') for (const name of ['SIGINT', 'SIGTERM']) process.kill(process.pid, name);
      return send(message);
    };
    await import(${JSON.stringify(pathToFileURL(assetPath('dist/photo-inspector.js')).href)});`,
  );
  expect(await inspectApart(bytes, LIMITS, never, path)).toEqual(
    await inspectPhotograph(bytes, LIMITS),
  );
});
