import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { storedWeights } from '../src/detection/detector-weights.ts';
import { type DetectReport, reportText } from '../src/detection/report.ts';
import type { GraphClient } from '../src/graph-client.ts';
import { UsageError } from '../src/usage-error.ts';
import { runTyped } from './typed.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('detector-detect');
  await mkdir(join(folder.path, 'photos'));
  await writeFile(join(folder.path, 'photos/a.jpg'), 'no picture');
  await writeFile(join(folder.path, 'weights.safetensors'), 'no weights');
});
afterEach(() => folder.remove());

const detect = (...args: string[]) => runTyped(folder.path, ['detector', 'detect', ...args]);

describe('detector detect', () => {
  test.each<[string, string[], string]>([
    ['no photographs', ['--out', 'out'], 'detector detect needs PHOTOS.'],
    ['photographs that are not there', ['none', '--out', 'out'], 'There is no file or folder '],
    ['no folder to write to', ['photos'], 'detector detect needs --out DIR.'],
    ['one that is not empty', ['photos', '--out', 'photos'], 'is not empty (--out): name a new'],
    ['a file', ['photos', '--out', 'weights.safetensors'], 'is a file, not a folder (--out)'],
    ['a model', ['photos', '--out', 'out', '--model', 'mine'], '--model must be the id of a detec'],
    ['a score', ['photos', '--out', 'out', '--min-score', '50'], '--min-score must be a number fr'],
    ['a data folder', ['photos', '--out', 'out'], 'There is no data folder at '],
  ])('names %s before anything starts', async (_name, args, message) => {
    const detected = detect(...args);
    await expect(detected).rejects.toThrow(UsageError);
    await expect(detected).rejects.toThrow(message);
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
  });

  test('names a folder without photographs before an instance is started', async () => {
    await mkdir(join(folder.path, 'empty'));
    const detected = detect('empty', '--out', 'out');
    await expect(detected).rejects.toMatchObject({ reason: 'NO_PHOTOS' });
    expect(existsSync(join(folder.path, 'data'))).toBe(false);
  });

  test('names a weights file that is none, and writes nothing', async () => {
    const detected = detect('photos', '--out', 'out', '--model', 'weights.safetensors');
    await expect(detected).rejects.toMatchObject({ reason: 'NOT_A_DETECTOR' });
    await expect(detected).rejects.toThrow(/weights\.safetensors is no whole detector: /);
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
  });
});

describe('the weights of a detector', () => {
  const asked: string[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(url.startsWith('/objects/whole') ? 200 : 404).end('weights');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const graphOf = (answer: object): GraphClient => ({ request: async () => answer as never });
  const detectorAt = (weightsUrl: string | null) => ({ id: 'detector_7', weightsUrl });

  test('come from where the graph says', async () => {
    const graph = graphOf({ activeDetectorModel: detectorAt('/objects/whole?signature=1') });
    const { bytes, model } = await storedWeights(graph, url(), null, undefined);
    expect(Buffer.from(bytes).toString()).toBe('weights');
    expect(model).toBe('detector_7');
    expect(asked).toEqual(['/objects/whole?signature=1']);
    const named = graphOf({ detectorModel: detectorAt(`${url()}/objects/whole`) });
    expect(await storedWeights(named, 'http://elsewhere', 'detector_7', undefined)).toEqual({
      ...{ bytes, model },
    });
  });

  test.each<[string, object, string | null, RegExp]>([
    [
      'no detector',
      { activeDetectorModel: null },
      null,
      /"deepstyle detector train DATASET --data/,
    ],
    ['not that one', { detectorModel: null }, 'detector_8', /There is no detector detector_8/],
    ['one without weights', { activeDetectorModel: detectorAt(null) }, null, /No detector is/],
    [
      'no file of it',
      { activeDetectorModel: detectorAt('/objects/lost') },
      null,
      /weights of detector_7 cannot be read: status 404/,
    ],
  ])('are missed by name where there is %s', async (_name, answer, id, message) => {
    const stored = storedWeights(graphOf(answer), url(), id, 'kept');
    await expect(stored).rejects.toThrow(message);
  });
});

describe('the report', () => {
  const report: DetectReport = {
    ...{ ok: false, stopped: false, output: '/out', model: 'detector_7', seconds: 2, photos: 15 },
    detected: 3,
    failed: Array.from({ length: 12 }, (_, i) => ({ name: `${i}.jpg`, reason: 'it is empty' })),
    ...{ withoutGarments: 1, garments: 5, detections: 40, minScore: 0.05, drawnMinScore: 0.5 },
    categories: [
      { name: 'dress', garments: 1 },
      { name: 'coat', garments: 4 },
      { name: 'skirt', garments: 0 },
    ],
    ...{ otherFiles: 2, repeatedFolders: 0 },
  };

  test('counts, and names what failed', () => {
    const text = reportText(report, true);
    expect(text).toMatch(/^failed +0\.jpg: it is empty$/m);
    expect(text).toMatch(/^ +and 2 more$/m);
    expect(text).toContain('3 of 15, 1.5/s; 12 failed, 1 without a garment');
    expect(text).toMatch(/^garments +5 from a score of 0\.5: 4 coat, 1 dress$/m);
    expect(text).toContain('2 files that are no pictures');
    expect(text).toContain('/out/crops');
    expect(text).not.toContain('stopped');
  });

  test('says that it was stopped', () => {
    const text = reportText({ ...report, stopped: true, failed: [] }, false);
    expect(text).toMatch(/^stopped +12 were not looked at$/m);
    expect(text).not.toContain('crops');
  });
});
