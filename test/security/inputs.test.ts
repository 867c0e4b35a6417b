import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assetPath, readFileUpTo } from '@deepstyle/platform';
import { temporaryFolder } from '@deepstyle/testkit';
import { createRandom } from '@deepstyle/vision';
import { expect, test } from '@jest/globals';
import { privateHost } from './addresses.ts';
import { CLASSES } from './classes/all-classes.ts';
import { type Drawn, drawInputs, drawOf } from './input.ts';

const MAX_READ_BYTES = 64_000_000;
const PLACE = {
  origin: 'http://localhost:1',
  openOrigins: async (count: number) =>
    Array.from({ length: count }, (_, n) => `http://localhost:${n + 3}`),
  canaryPort: 2,
  privateName: 'here',
  signedPath: '/objects/datasets/00/0?expires=123&signature=abc',
  imagePath: '/images/photos/00/0',
  largeImagePath: '/images/photos/00/1',
  token: 'token',
};

test('there are sixty kinds of input at least, each with a name and a guard that there is', () => {
  expect(CLASSES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CLASSES.map(({ name }) => name)).size).toBe(CLASSES.length);
  const guards = [...new Set(CLASSES.map(({ guard }) => guard))];
  expect(guards.filter((guard) => !existsSync(assetPath(guard)))).toEqual([]);
});

test('as many inputs are drawn as are asked for, hostile and honest ones of each class', () => {
  const drawn = drawInputs(CLASSES, { seed: 1, count: 1000, from: 0 });
  const ofKind = (kind: string) => drawn.filter((one) => one.kind === kind);
  expect(drawn).toHaveLength(1000);
  for (const kind of ['hostile', 'honest'])
    expect(new Set(ofKind(kind).map(({ of }) => of))).toEqual(new Set(CLASSES));
});

test('private addresses come in notations that are addresses', () => {
  const random = createRandom(1);
  const hosts = Array.from({ length: 2000 }, () => privateHost(random));
  expect(hosts.filter((host) => !URL.canParse(`http://${host}:80/`))).toEqual([]);
});

test.each(CLASSES)('"$name" is the same for the same seed', async (of) => {
  for (const kind of ['hostile', 'honest'] as const) {
    const drawn: Drawn = { of, kind, number: 1, seed: 7 };
    expect(await textOf(drawn)).toBe(await textOf(drawn));
  }
});

/** An input with all that it consists of. */
async function textOf(drawn: Drawn): Promise<string> {
  await using temporary = await temporaryFolder('security-input');
  const draw = drawOf(drawn, { ...PLACE, folder: temporary.path });
  await mkdir(draw.folder);
  const input = await drawn.of[drawn.kind](draw);
  const entries = await readdir(draw.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files.map(async ({ name, parentPath }) => [name, await contentOf(join(parentPath, name))]),
  );
  const text = JSON.stringify([input, contents.sort()], (_, value) => plain(value));
  return text.replaceAll(temporary.path, '');
}

/** JSON has no functions, and of millions of bytes it would make as many numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'function') return 'answers itself';
  if (typeof value !== 'object' || value === null || !('body' in value)) return value;
  const { body } = value;
  return body instanceof Uint8Array
    ? { ...value, body: Buffer.from(body).toString('latin1') }
    : value;
}

/** Of the longest only how long they are: nothing stands in them. */
async function contentOf(path: string): Promise<string> {
  const bytes = await readFileUpTo(path, MAX_READ_BYTES);
  return typeof bytes === 'string' ? String((await stat(path)).size) : bytes.toString('latin1');
}
