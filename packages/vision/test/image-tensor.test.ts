import { describe, expect, test } from '@jest/globals';
import { decodeRgb, encodeTensor, renderGrid, rgbOfTensor, tensorOfRgb } from '../src/index.ts';
import { drawn } from './fixture.ts';

test('bytes survive the way to a tensor and back', () => {
  const image = drawn(16, 16, (x, y) => [y * 16 + x, 255 - x, y]);
  const tensor = tensorOfRgb(image);
  expect([tensor[0], Math.max(...tensor)]).toEqual([-1, 1]);
  expect(rgbOfTensor(tensor, 16, 16)).toEqual(image);
});

test('a tensor with values out of range or without number still gives a picture', () => {
  const { data } = rgbOfTensor(Float32Array.of(-7, 7, Number.NaN), 1, 1);
  expect([...data]).toEqual([0, 255, 0]);
});

test('a tensor is encoded without loss as PNG, and as WebP on demand', async () => {
  const image = drawn(8, 4, (x, y) => [x * 30, y * 60, 128]);
  const tensor = tensorOfRgb(image);
  expect(await decodeRgb(await encodeTensor(tensor, 8, 4))).toEqual(image);
  const webp = await encodeTensor(tensor, 8, 4, { format: 'webp' });
  expect(await decodeRgb(webp)).toMatchObject({ width: 8, height: 4 });
});

describe('renderGrid', () => {
  const shades = [-1, -0.5, 0, 0.5, 1];
  const images = Float32Array.from(shades.flatMap((shade) => Array(2 * 2 * 3).fill(shade)));
  const shape = { count: 5, height: 2, width: 2 };

  test('places images row by row from the top left, with white between and after them', async () => {
    const grid = await decodeRgb(await renderGrid(images, { ...shape, columns: 3, gapPx: 1 }));
    expect([grid.width, grid.height]).toEqual([8, 5]);
    const at = (x: number, y: number) => grid.data[(y * grid.width + x) * 3];
    expect([at(0, 0), at(3, 0), at(6, 1), at(0, 3), at(3, 4)]).toEqual([0, 64, 128, 191, 255]);
    expect([at(2, 0), at(0, 2), at(7, 4)]).toEqual([255, 255, 255]);
  });

  test('is as square as can be where no columns are named', async () => {
    const grid = await decodeRgb(await renderGrid(images, { ...shape, gapPx: 0 }));
    expect([grid.width, grid.height]).toEqual([6, 4]);
  });

  test('names a batch that does not fit its shape', async () => {
    await expect(renderGrid(images, { ...shape, count: 6 })).rejects.toThrow('[6, 2, 2, 3]');
  });
});
