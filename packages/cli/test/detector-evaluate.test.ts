import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import type { CocoDataset, CocoDetection } from '@deepstyle/vision';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  CocoFileRefusedError,
  FileUnreadableError,
  NotJsonError,
} from '../src/evaluation/coco-files.ts';
import { reportOf, reportTable } from '../src/evaluation/report.ts';
import { UsageError } from '../src/usage-error.ts';
import { runTyped } from './typed.ts';

/** Made by pycocotools: see make_fixtures.py beside it. */
const HARD_CASES = new URL('../../vision/test/fixtures/coco-hard-cases.json', import.meta.url);
const { dataset, detections, stats } = JSON.parse(readFileSync(HARD_CASES, 'utf8')) as {
  dataset: CocoDataset;
  detections: CocoDetection[];
  stats: { byCategory: number[]; together: number[] };
};

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Runs the command as typed and gives what it prints. */
async function evaluate(annotations: string, results: string, ...more: string[]): Promise<string> {
  const args = ['detector', 'evaluate', '--annotations', annotations, '--results', results];
  const { code, printed } = await runTyped(folder.path, [...args, ...more]);
  expect(code).toBe(0);
  return printed;
}

async function write(name: string, content: unknown): Promise<string> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(join(folder.path, name), text);
  return name;
}

describe('detector evaluate', () => {
  test('ends with an object whose stats are the twelve numbers of pycocotools', async () => {
    const truth = await write('gt.json', dataset);
    const printed = await evaluate(truth, await write('dt.json', detections), '--json');
    const report = JSON.parse(printed.trim().split('\n').at(-1) ?? '');
    expect(report.stats).toHaveLength(12);
    for (const [i, value] of stats.byCategory.entries()) {
      expect(report.stats[i]).toBeCloseTo(value, 12);
    }
    expect(report.byIou.map(({ iou }: { iou: number }) => iou)).toEqual([
      0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95,
    ]);
    expect(report.categories.map(({ name }: { name: string }) => name)).toEqual([
      'upper',
      'lower',
      'full',
      'none',
    ]);
    expect(report).toMatchObject({ images: 14, detections: detections.length });
  });

  test('prints a table for people, with a dash where there is nothing to measure', async () => {
    const truth = await write('gt.json', dataset);
    const table = await evaluate(truth, await write('dt.json', detections));
    const ap = ((stats.byCategory[0] ?? 0) * 100).toFixed(1);
    expect(table).toMatch(new RegExp(`^AP +IoU 0.50:0.95 +${ap}$`, 'm'));
    expect(table).toMatch(/^none +- +- +0$/m);
  });

  test('tells of detections of categories that nobody listed, and leaves them out', async () => {
    const truth = await write('gt.json', dataset);
    const stray = { ...(detections[0] as CocoDetection), category_id: 77 };
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const printed = await evaluate(truth, await write('dt.json', [...detections, stray]), '--json');
    expect(told).toHaveBeenCalledWith(expect.stringMatching(/^Warning: 1 of .*\(77\)/));
    told.mockRestore();
    const report = JSON.parse(printed);
    expect(report.stats[0]).toBeCloseTo(stats.byCategory[0] ?? 9, 12);
    expect(report.warnings).toHaveLength(1);
  });

  test('gives the numbers without categories too', async () => {
    const truth = await write('gt.json', dataset);
    const printed = await evaluate(truth, await write('dt.json', detections), '--json');
    const { anyCategory } = JSON.parse(printed);
    for (const [i, value] of stats.together.entries()) {
      expect(anyCategory.stats[i]).toBeCloseTo(value, 12);
    }
  });

  test('no detections at all are zeros, not an error', async () => {
    const truth = await write('gt.json', dataset);
    const printed = await evaluate(truth, await write('dt.json', []), '--json');
    expect(JSON.parse(printed).stats.slice(0, 3)).toEqual([0, 0, 0]);
  });
});

describe('what cannot be evaluated is named with its option and file', () => {
  const found = detections[0] as CocoDetection;

  test.each([
    ['an unknown image', [{ ...found, image_id: 999 }], 'detections[0].image_id is 999'],
    ['a dataset for a results list', { annotations: [] }, "'detections' is no list"],
    ['a score that is none', [{ ...found, score: null }], 'detections[0].score is null'],
  ])('%s', async (_name, results, message) => {
    const evaluated = evaluate(await write('gt.json', dataset), await write('dt.json', results));
    await expect(evaluated).rejects.toThrow(CocoFileRefusedError);
    await expect(evaluated).rejects.toThrow(message);
    await expect(evaluated).rejects.toThrow(/^--results: .*dt\.json/);
  });

  test('ground truth that does not hold together', async () => {
    const truth = await write('gt.json', { ...dataset, images: [] });
    const evaluated = evaluate(truth, await write('dt.json', []));
    await expect(evaluated).rejects.toThrow(/^--annotations: .*annotations\[0\]\.image_id is 10/);
  });

  test('a file that is missing, a folder, or no JSON', async () => {
    const truth = await write('gt.json', dataset);
    const missing = evaluate(truth, 'none.json');
    await expect(missing).rejects.toThrow(FileUnreadableError);
    await expect(missing).rejects.toThrow('none.json does not exist');
    await expect(evaluate('.', truth)).rejects.toThrow('is a folder');
    const text = evaluate(truth, await write('dt.json', 'AP = 0.5'));
    await expect(text).rejects.toThrow(NotJsonError);
  });

  test('a missing option is a matter of usage', async () => {
    const evaluated = runTyped(folder.path, ['detector', 'evaluate', '--results', 'x.json']);
    await expect(evaluated).rejects.toThrow(UsageError);
    await expect(runTyped(folder.path, ['detector', 'evaluat'])).rejects.toThrow(
      '"detector evaluat"',
    );
  });
});

test('supercategories are told apart on their own where all categories have one', () => {
  const typed = {
    ...dataset,
    categories: dataset.categories.map((row) => ({ ...row, supercategory: 'garment' })),
  };
  const report = reportOf(typed, detections);
  expect(report.supercategories?.categories.map(({ name }) => name)).toEqual(['garment']);
  expect(reportTable(report)).toMatch(/^garment/m);
  expect(reportOf(dataset, detections).supercategories).toBeNull();
});

/** Real annotations, never committed; present beside a working copy that was given them. */
const REAL = fileURLToPath(new URL('../../../../shared/data/coco-fixture/', import.meta.url));
const realTest = existsSync(REAL) ? test : test.skip;

realTest('100 pictures of COCO val2014 (needs shared/data/coco-fixture)', async () => {
  const printed = await evaluate(
    join(REAL, 'instances_val2014_100.json'),
    join(REAL, 'instances_val2014_fakebbox100_results.json'),
    '--json',
  );
  // pycocotools 2.0.11, to the ten digits given.
  const expected = [
    0.5045806987, 0.6969727247, 0.572981667, 0.5856257209, 0.5193996948, 0.5013978986, 0.3868127796,
    0.5936795763, 0.5953529829, 0.6398109626, 0.5664205979, 0.5642905983,
  ];
  const report = JSON.parse(printed);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(report.stats[i] - value)).toBeLessThan(1e-9);
  }
});
