import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { drawnCoco } from './coco/drawn-coco.ts';
import { createTestFolder, type TestFolder } from './drawn-deepfashion.ts';
import { type RunningDataset, runDataset } from './running-dataset.ts';

const MEMORY_MB = 32;
/** Each takes some hundred bytes of heap until all of the file is read. */
const IMAGES = 200_000;

let service: RunningDataset;
let folder: TestFolder;
beforeAll(async () => {
  service = await runDataset({ settings: { DATASET_LIST_MEMORY_MB: String(MEMORY_MB) } });
  folder = createTestFolder();
});
afterAll(async () => {
  await service.close();
  folder.remove();
});

test('lists that take too much memory end their import by name, and the next one is read', async () => {
  const images = Array.from({ length: IMAGES }, (_, n) => ({
    id: n + 1,
    file_name: `${n}.jpg`,
    width: 9,
    height: 9,
  }));
  const large = { images, annotations: [], categories: [] };
  const costly = await service.imported({
    folder: folder.write('large.json', JSON.stringify(large)),
  });
  expect(costly.progress).toMatchObject({
    state: 'FAILED',
    detail: expect.stringContaining(`more than ${MEMORY_MB} MB of memory`),
  });
  const small = await service.imported({
    folder: folder.write('small.json', JSON.stringify(drawnCoco())),
  });
  expect(small.progress.state).toBe('DONE');
});
