import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readDatasetContent } from '../src/training/annotated-images.ts';

const header = {
  ...{ format: 'deepstyle.dataset.v1', box_convention: 'exclusive', images: 2, annotations: 1 },
  ...{ categories: [{ id: 3, name: 'dress', type: 'full' }], attributes: [], keypoints: [] },
};
const object = { key: 'k', sha256: 'a'.repeat(64), contentType: 'image/jpeg', bytes: 1 };
const line = {
  ...{ id: 1, file_name: 'a.jpg', width: 10, height: 20, split: 'train', object },
  annotations: [{ id: 1, category_id: 3, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0 }],
};

function read(text: string, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) {
  const bytes = change(gzipSync(text));
  const stream = async () => new Blob([bytes as never]).stream() as ReadableStream<Uint8Array>;
  return readDatasetContent({ stream }, 'datasets/x');
}
const textOf = (...lines: object[]) => lines.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('the stored annotations of a dataset', () => {
  test('are its categories and the images whose bytes are stored', async () => {
    const without = { ...line, id: 2, object: null };
    const content = await read(textOf(header, line, without));
    expect(content.categories).toEqual(header.categories);
    expect(content.withoutBytes).toBe(1);
    expect(content.images).toEqual([
      {
        ...{ id: 1, fileName: 'a.jpg', width: 10, height: 20, split: 'train', objectKey: 'k' },
        annotations: [{ box: [1, 2, 3, 4], categoryId: 3, areaPx: 12, isCrowd: false }],
      },
    ]);
  });

  test.each([
    ['empty', '', undefined, /it is empty/],
    ['of another format', textOf({ ...header, format: 'x' }), undefined, /not what it should be/],
    ['with a line that is no JSON', `${textOf(header)}{\n`, undefined, /not what it should be/],
    ['without an end', textOf(header) + JSON.stringify(line), undefined, /middle of a line/],
    [
      'cut short',
      textOf(header, line),
      (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 20),
      /damaged or was cut short/,
    ],
  ])('that are %s are refused', async (_, text, change, message) => {
    await expect(read(text, change)).rejects.toMatchObject({
      reason: 'DATASET_FILE_DAMAGED',
      message: expect.stringMatching(message),
    });
  });
});
