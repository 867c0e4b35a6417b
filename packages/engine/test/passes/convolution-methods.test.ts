/** Every way to compute a convolution and its gradients, on geometries drawn at random, against eager tfjs. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tf } from '../../src/index.ts';
import { fullWindow } from '../../src/passes/convolution/full-window.ts';
import type { ConvolutionMethod, Geometry } from '../../src/passes/convolution/geometry.ts';
import { im2col } from '../../src/passes/convolution/im2col.ts';
import { onnxConvolution } from '../../src/passes/convolution/onnx-convolution.ts';
import { pointwise, pointwiseByImage } from '../../src/passes/convolution/pointwise.ts';
import { winograd } from '../../src/passes/convolution/winograd.ts';
import { isFiltered } from '../../src/passes/convolution/winograd-matrices.ts';
import { chooseMethod, lowerConvolutions } from '../../src/passes/lower-convolutions.ts';
import { draw, errorBetween, type Fn, gradientOf, runEagerly } from '../parity.ts';
import { graphOf, runGraphOf } from '../run-graph.ts';

interface Layer {
  readonly images: number;
  readonly size: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

const small = (min: number, max: number) => fc.integer({ min, max });

/** Kernels of any size against stride and padding; the image is never smaller than the window. */
const anyLayer: fc.Arbitrary<Layer> = fc.record({
  images: small(1, 3),
  size: fc.tuple(small(4, 9), small(4, 9)),
  channels: fc.tuple(small(1, 4), small(1, 4)),
  kernel: small(1, 4),
  stride: small(1, 3),
  pad: small(0, 2),
});

/** What im2col and Winograd take: kernels that are multiples of the stride. */
const evenLayer = anyLayer.filter(({ kernel, stride }) => kernel % stride === 0);

/** One window over the whole image. */
const wholeLayer = anyLayer.map((layer): Layer => {
  return { ...layer, size: [layer.kernel, layer.kernel], stride: 1, pad: 0 };
});

/** 1x1 with stride 1. */
const pointLayer = anyLayer.map((layer): Layer => ({ ...layer, kernel: 1, stride: 1, pad: 0 }));

/** Where tiles of `m` outputs save products. */
const tiledLayer = (m: number) =>
  evenLayer.filter(
    ({ kernel, stride }) => kernel > stride && isFiltered(m, kernel / stride, 'coarse'),
  );

/** Rounding grows with the tile: measured with margin. */
const METHODS: readonly [string, ConvolutionMethod, fc.Arbitrary<Layer>, number][] = [
  ['ONNX convolutions', onnxConvolution, anyLayer, 2e-6],
  ['im2col', im2col, evenLayer, 2e-6],
  ['one window', fullWindow, wholeLayer, 2e-6],
  ['1x1 products', pointwise, pointLayer, 2e-6],
  ['1x1 products image by image', pointwiseByImage, pointLayer, 2e-6],
  ['Winograd, 2 outputs per tile', winograd(2), tiledLayer(2), 1e-5],
  ['Winograd, 3 outputs per tile', winograd(3), tiledLayer(3), 2e-5],
  ['Winograd, 4 outputs per tile', winograd(4), tiledLayer(4), 2e-5],
];

const convolution =
  ({ stride, pad }: Layer): Fn =>
  (x, filter) =>
    tf.conv2d(x as never, filter as never, stride, pad, 'NHWC', 1, 'floor');

async function errorOf(method: ConvolutionMethod, layer: Layer, fn: Fn): Promise<number> {
  const { images, size, channels, kernel } = layer;
  const inputs = [draw([images, ...size, channels[0]], 1), draw([kernel, kernel, ...channels], 2)];
  const graph = await runGraphOf(
    lowerConvolutions(graphOf(fn, inputs), () => method),
    inputs,
  );
  const ours = await graph.run();
  await graph.dispose();
  return errorBetween(ours, await runEagerly(fn, inputs));
}

describe.each(METHODS)('a convolution by %s', (_name, method, layers, tolerance) => {
  test('equals eager tfjs', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        expect(await errorOf(method, layer, convolution(layer))).toBeLessThan(tolerance);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  test('has the gradients of eager tfjs', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        const fn = gradientOf(convolution(layer));
        expect(await errorOf(method, layer, fn)).toBeLessThan(4 * tolerance);
      }),
      { numRuns: 25, seed: 6 },
    );
  });
});

describe('the choice of a method', () => {
  const layer = (images: number, kernel: number, stride: number, channels = 16): Geometry => ({
    images,
    strides: [stride, stride],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
    inSize: [32, 32],
    outSize: [(32 - kernel) / stride + 1, (32 - kernel) / stride + 1],
    kernel: [kernel, kernel],
    inChannels: channels,
    outChannels: 16,
  });

  test.each([
    ['1x1 of a large batch', layer(32, 1, 1), pointwise],
    ['1x1 of a small batch', layer(2, 1, 1), pointwiseByImage],
    ['3x3 of a small batch', layer(2, 3, 1), onnxConvolution],
    ['one window', layer(32, 32, 1), fullWindow],
    ['a stride that does not divide the kernel', layer(32, 3, 2), onnxConvolution],
    ['three channels', layer(32, 4, 2, 3), im2col],
    ['windows side by side', layer(32, 2, 2), im2col],
    ['a kernel too large for tiles', layer(32, 7, 1), onnxConvolution],
    ['a kernel too large for tiles that round finely', layer(32, 4, 1), onnxConvolution],
  ])('%s', (_name, geometry, method) => {
    expect(chooseMethod(geometry)).toBe(method);
  });

  test.each([
    [3, 1],
    [4, 2],
    [6, 2],
  ])('a %ix%i window of a large batch is tiled', (kernel, stride) => {
    const method = chooseMethod(layer(32, kernel, stride));
    expect([onnxConvolution, im2col, fullWindow]).not.toContain(method);
  });
});

describe('the rounding of tiles', () => {
  /** Root mean square of the error of the first image against sums in double precision, relative. */
  async function roundingOf(method: ConvolutionMethod): Promise<number> {
    const [n, px, c, k] = [16, 16, 32, 8];
    const inputs = [draw([n, px, px, c], 31), draw([4, 4, c, k], 32)];
    const fn: Fn = (x, w) => tf.conv2d(x as never, w as never, 2, 1);
    const run = await runGraphOf(
      lowerConvolutions(graphOf(fn, inputs), () => method),
      inputs,
    );
    const [y] = await run.run();
    await run.dispose();
    const [x, w] = inputs.map(({ data }) => data as Float32Array) as [Float32Array, Float32Array];
    const at = (row: number, column: number, tap: number, channel: number) => {
      const [i, j] = [2 * row + Math.floor(tap / 4) - 1, 2 * column + (tap % 4) - 1];
      const inside = i >= 0 && j >= 0 && i < px && j < px;
      return inside ? (x[(i * px + j) * c + channel] as number) : 0;
    };
    let [error, total] = [0, 0];
    for (let index = 0; index < 8 * 8 * k; index++) {
      const [pixel, out] = [Math.floor(index / k), index % k];
      let sum = 0;
      for (let tap = 0; tap < 16; tap++) {
        for (let channel = 0; channel < c; channel++) {
          const factor = w[(tap * c + channel) * k + out] as number;
          sum += at(Math.floor(pixel / 8), pixel % 8, tap, channel) * factor;
        }
      }
      error += ((y?.data[index] as number) - sum) ** 2;
      total += sum ** 2;
    }
    return Math.sqrt(error / total);
  }

  test.each([2, 3])('with %i outputs is at most twice that of a direct convolution', async (m) => {
    const direct = await roundingOf(onnxConvolution);
    expect(await roundingOf(winograd(m))).toBeLessThan(2 * direct);
  });
});
