import '@tensorflow/tfjs-backend-cpu';
import {
  createRandom,
  flattenTree,
  type HostTensor,
  tf,
  unflattenTree,
  valueAndGradients,
} from '@deepstyle/engine';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { augment } from '../src/model/augmentation.ts';
import {
  type DiscriminatorParams,
  discriminateInEvaluation,
  discriminateInTraining,
} from '../src/model/discriminator.ts';
import {
  type GeneratorParams,
  generateInEvaluation,
  generateInTraining,
} from '../src/model/generator.ts';
import { initialDiscriminator, initialGenerator } from '../src/model/initialization.ts';

const LATENT = 6;
const WIDTH = 2;

beforeAll(async () => {
  // Its advice to install another backend is of no use here.
  tf.env().set('IS_TEST', true);
  await tf.setBackend('cpu');
});

function onDevice<T>(tree: object): T {
  const flat = flattenTree<HostTensor>(tree as never);
  const tensors = Object.entries(flat).map(
    ([name, { data, shape }]) => [name, tf.tensor(data, [...shape], 'float32')] as const,
  );
  return unflattenTree(Object.fromEntries(tensors)) as T;
}

const generator = () => onDevice<GeneratorParams>(initialGenerator(createRandom(1), LATENT, WIDTH));
const discriminator = () =>
  onDevice<DiscriminatorParams>(initialDiscriminator(createRandom(2), WIDTH));
const latents = (count: number): tf.Tensor2D =>
  tf.tensor2d(createRandom(3).normal(count * LATENT), [count, LATENT]);

describe('the generator', () => {
  test('turns latents [N, nz] into images [N, 64, 64, 3] in [-1, 1]', () => {
    const { images, statistics } = generateInTraining(generator(), latents(3));
    expect(images.shape).toEqual([3, 64, 64, 3]);
    expect(tf.max(tf.abs(images)).dataSync()[0]).toBeLessThanOrEqual(1);
    expect(statistics.project.mean.shape).toEqual([8 * WIDTH]);
    expect(statistics.up3.variance.shape).toEqual([WIDTH]);
  });

  test('with the statistics of a batch held fixed renders that batch as in training', () => {
    const params = generator();
    const { images, statistics } = generateInTraining(params, latents(4));
    const rendered = generateInEvaluation(params, statistics, latents(4));
    expect(tf.max(tf.abs(tf.sub(images, rendered))).dataSync()[0]).toBeLessThan(1e-5);
  });

  test('at rest renders a latent the same alone and among others', () => {
    const params = generator();
    const { statistics } = generateInTraining(params, latents(4));
    const among = tf.slice(
      generateInEvaluation(params, statistics, latents(4)),
      [0, 0, 0, 0],
      [1, -1, -1, -1],
    );
    const alone = generateInEvaluation(params, statistics, tf.slice(latents(4), [0, 0], [1, -1]));
    expect(tf.max(tf.abs(tf.sub(among, alone))).dataSync()[0]).toBeLessThan(1e-6);
  });
});

describe('the discriminator', () => {
  test('turns images into one logit each', () => {
    const images = tf.randomUniform([3, 64, 64, 3], -1, 1, 'float32', 4) as tf.Tensor4D;
    const { logits, statistics } = discriminateInTraining(discriminator(), images);
    expect(logits.shape).toEqual([3]);
    expect(statistics.down2.mean.shape).toEqual([2 * WIDTH]);
    const judged = discriminateInEvaluation(discriminator(), statistics, images);
    expect(tf.max(tf.abs(tf.sub(logits, judged))).dataSync()[0]).toBeLessThan(1e-5);
  });
});

describe('augmentation', () => {
  const change = (values: Partial<Record<'shiftX' | 'shiftY' | 'brightness', number>> = {}) => ({
    shiftX: tf.tensor1d([values.shiftX ?? 0]),
    shiftY: tf.tensor1d([values.shiftY ?? 0]),
    brightness: tf.tensor1d([values.brightness ?? 0]),
    saturation: tf.tensor1d([1]),
    contrast: tf.tensor1d([1]),
  });
  const picture = () => tf.randomUniform([1, 64, 64, 3], -1, 1, 'float32', 5) as tf.Tensor4D;
  const at = (images: tf.Tensor, y: number, x: number) =>
    Array.from(tf.slice(images, [0, y, x, 0], [1, 1, 1, 3]).dataSync());

  test('that changes nothing gives the images back', () => {
    const difference = tf.sub(augment(picture(), change()), picture());
    expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-5);
  });

  test('moves pixels, and the rim fills what comes free', () => {
    const moved = augment(picture(), change({ shiftX: 5, shiftY: -3 }));
    const close = (a: number[], b: number[]) => {
      for (const [channel, value] of a.entries()) expect(value).toBeCloseTo(b[channel] ?? 9, 4);
    };
    close(at(moved, 20, 10), at(picture(), 17, 15));
    close(at(moved, 30, 62), at(picture(), 27, 63));
    close(at(moved, 0, 0), at(picture(), 0, 5));
  });

  test('lets the gradient back to where the pixel came from', () => {
    const pixel = (x: tf.Tensor4D) =>
      tf.sum(tf.slice(augment(x, change({ shiftX: 5 })), [0, 8, 8, 0], [1, 1, 1, 1])) as tf.Scalar;
    const { gradients } = valueAndGradients(({ x }) => pixel(x), { x: picture() });
    const gradient = gradients.x;
    expect(at(gradient, 8, 13)[0]).toBeCloseTo(1, 4);
    expect(tf.sum(gradient).dataSync()[0]).toBeCloseTo(1, 3);
  });
});
