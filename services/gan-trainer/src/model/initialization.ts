/** First weights, as DCGAN draws them: N(0, 0.02) for weights, N(1, 0.02) for scales, zero for offsets. */
import type { HostTensor, Random } from '@deepstyle/engine';
import { BASE_SIZE } from './generator.ts';

const DEVIATION = 0.02;
const KERNEL = 4;
const IMAGE_CHANNELS = 3;

/** Side of the discriminator's last map; four halvings lead to it from the image. */
const LAST_SIZE = 4;

export function initialGenerator(random: Random, latentSize: number, width: number) {
  const up = (from: number, to: number) => ({
    weight: normal(random, [KERNEL, KERNEL, to, from]),
    norm: initialNorm(random, to),
  });
  return {
    project: {
      weight: normal(random, [latentSize, BASE_SIZE * BASE_SIZE * 8 * width]),
      norm: initialNorm(random, 8 * width),
    },
    up1: up(8 * width, 4 * width),
    up2: up(4 * width, 2 * width),
    up3: up(2 * width, width),
    image: {
      weight: normal(random, [KERNEL, KERNEL, IMAGE_CHANNELS, width]),
      bias: constant(IMAGE_CHANNELS, 0),
    },
  };
}

export function initialDiscriminator(random: Random, width: number) {
  const down = (from: number, to: number) => ({
    weight: normal(random, [KERNEL, KERNEL, from, to]),
    norm: initialNorm(random, to),
  });
  return {
    down1: {
      weight: normal(random, [KERNEL, KERNEL, IMAGE_CHANNELS, width]),
      bias: constant(width, 0),
    },
    down2: down(width, 2 * width),
    down3: down(2 * width, 4 * width),
    down4: down(4 * width, 8 * width),
    logit: { weight: normal(random, [LAST_SIZE * LAST_SIZE * 8 * width, 1]), bias: constant(1, 0) },
  };
}

export type GeneratorWeights = ReturnType<typeof initialGenerator>;
export type DiscriminatorWeights = ReturnType<typeof initialDiscriminator>;

function initialNorm(random: Random, channels: number) {
  return { gamma: normal(random, [channels], 1), beta: constant(channels, 0) };
}

function normal(random: Random, shape: readonly number[], mean = 0): HostTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = random.normal(count);
  for (const [index, value] of data.entries()) data[index] = mean + DEVIATION * value;
  return { shape, dtype: 'float32', data };
}

function constant(length: number, value: number): HostTensor {
  return { shape: [length], dtype: 'float32', data: new Float32Array(length).fill(value) };
}
