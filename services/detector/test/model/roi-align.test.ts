import { tf, valueAndGradients } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import { multiLevelRoiAlign, poolLevel, roiLevels } from '../../src/model/roi-align.ts';
import { floats, runGraph } from './run-graph.ts';
import { distance, torchvision } from './torchvision.ts';

const truth = torchvision.roiAlign;
const inputs = {
  features: floats([2, 8, 6, 3], truth.features),
  boxes: floats([2, 4, 4], truth.boxes),
  weight: floats([2, 4, 3, 3, 3], truth.weight),
};

/** Pooled features and their gradient with respect to the features, weighed as the fixture weighs. */
const pooledAndGradient = (threads: number) =>
  runGraph(
    ({ features, boxes, weight }) => {
      const pool = (map: tf.Tensor) => poolLevel(map as tf.Tensor4D, boxes as tf.Tensor3D, 8, 3);
      const { gradients } = valueAndGradients(
        ({ map }) => tf.sum(tf.mul(pool(map as tf.Tensor), weight as tf.Tensor)) as tf.Scalar,
        { map: features as tf.Tensor },
      );
      return { pooled: pool(features as tf.Tensor), gradient: gradients.map as tf.Tensor };
    },
    inputs,
    threads,
  );

describe('RoIAlign', () => {
  test('pools as torchvision, boxes outside and smaller than a cell among them', async () => {
    const { pooled } = await pooledAndGradient(2);
    expect(distance(pooled ?? [], truth.pooled)).toBeLessThan(1e-5);
  });

  test('has the gradient of torchvision', async () => {
    const { gradient } = await pooledAndGradient(2);
    expect(distance(gradient ?? [], truth.gradient)).toBeLessThan(1e-5);
  });

  test('is the same on one thread, on two and again', async () => {
    const [one, two, again] = [
      await pooledAndGradient(1),
      await pooledAndGradient(2),
      await pooledAndGradient(2),
    ];
    expect(two).toEqual(again);
    expect(distance(two.gradient ?? [], one.gradient ?? [])).toBeLessThan(1e-6);
  });
});

describe('levels of the pyramid', () => {
  const boxes = [
    [0, 0, 10, 10],
    [0, 0, 111, 111],
    [0, 0, 113, 113],
    [0, 0, 225, 225],
    [0, 0, 60, 300],
  ];
  const rois = floats([1, 5, 4], boxes.flat());

  test('begin at the canonical size and at each doubling of it', async () => {
    const { levels } = await runGraph(
      ({ b }) => ({ levels: roiLevels(b as tf.Tensor3D, 112, 3) }),
      { b: rois },
    );
    expect(levels).toEqual([0, 0, 1, 2, 1]);
  });

  test('each box is pooled from its own level only', async () => {
    const constant = (value: number, side: number) =>
      floats([1, side, side, 1], new Float32Array(side * side).fill(value));
    const { pooled } = await runGraph(
      ({ fine, coarse, b }) => ({
        pooled: multiLevelRoiAlign(
          [fine as tf.Tensor4D, coarse as tf.Tensor4D],
          b as tf.Tensor3D,
          [8, 16],
          { bins: 1, canonicalSizePx: 112 },
        ),
      }),
      { fine: constant(3, 40), coarse: constant(7, 20), b: rois },
    );
    expect(distance(pooled ?? [], [3, 3, 7, 7, 7])).toBeLessThan(1e-6);
  });
});
