import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { drawDemo } from '../src/demo/draw.ts';
import { DEMO_SIZES, demoSettings } from '../src/demo/sizes.ts';

const folder = mkdtempSync(join(tmpdir(), 'demo-draw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('shows, training and test are scenes of different seeds, and progress counts all of them', async () => {
  const seen: string[] = [];
  const sizes = { ...DEMO_SIZES.quick, perSeason: 12, train: 3, val: 1, test: 2 };
  const { shows, dataset, truth } = await drawDemo(4, sizes, folder, ({ done, expected }) =>
    seen.push(`${done} of ${expected}`),
  );
  expect(seen.at(-1)).toBe('42 of 42');
  expect(shows.photos.map(({ kind }) => kind).filter((kind) => kind !== 'photo')).toHaveLength(10);
  expect(truth.test.images).toHaveLength(2);
  const files = await readdir(join(dataset, 'images'), { recursive: true });
  expect(files.filter((file) => file.endsWith('.jpg'))).toHaveLength(6);
  expect(await readdir(join(dataset, 'annotations'))).toEqual([
    'test.json',
    'train.json',
    'val.json',
  ]);
});

test('the full demo leaves more garments to train on than it holds out, also where some are missed', () => {
  // Each scene shows 2.15 garments on average.
  const found = DEMO_SIZES.full.perSeason * 3 * 2.15 * 0.9;
  expect(found - DEMO_SIZES.full.heldOut).toBeGreaterThan(500);
  expect(demoSettings(DEMO_SIZES.full)).toMatchObject({ GAN_HELD_OUT: '500' });
});
