import type { tf } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import {
  clipBoxTensors,
  decodeBoxTensors,
  encodeBoxes,
  encodeBoxTensors,
} from '../../src/model/box-coder.ts';
import { floats, runGraph } from './run-graph.ts';
import { distance, torchvision } from './torchvision.ts';

describe.each(torchvision.coders.map((c) => [c.weights, c] as const))(
  'the box coder with weights %j',
  (weights, { boxes, references, deltas, wild, decoded }) => {
    const given = {
      boxes: floats([12, 4], boxes),
      references: floats([12, 4], references),
      wild: floats([12, 4], wild),
    };

    test('encodes as torchvision on the host', () => {
      expect(distance(encodeBoxes(boxes, references, weights), deltas)).toBeLessThan(2e-5);
    });

    test('encodes and decodes as torchvision in the graph, the largest scales cut', async () => {
      const result = await runGraph(
        ({ boxes: b, references: r, wild: w }) => ({
          deltas: encodeBoxTensors(b as tf.Tensor, r as tf.Tensor, weights),
          decoded: decodeBoxTensors(w as tf.Tensor, r as tf.Tensor, weights),
        }),
        given,
      );
      expect(distance(result.deltas ?? [], deltas)).toBeLessThan(2e-5);
      expect(distance(result.decoded ?? [], decoded)).toBeLessThan(2e-5);
    });

    test('decodes what it encoded', async () => {
      const { round } = await runGraph(({ boxes: b, references: r }) => {
        const there = encodeBoxTensors(b as tf.Tensor, r as tf.Tensor, weights);
        return { round: decodeBoxTensors(there, r as tf.Tensor, weights) };
      }, given);
      expect(distance(round ?? [], boxes)).toBeLessThan(1e-5);
    });
  },
);

test('boxes are cut to the image', async () => {
  const boxes = floats([2, 4], [-3, -4, 50, 60, 10, 12, 20, 22]);
  const { clipped } = await runGraph(
    ({ b }) => ({ clipped: clipBoxTensors(b as tf.Tensor, 40, 30) }),
    { b: boxes },
  );
  expect(clipped).toEqual([0, 0, 40, 30, 10, 12, 20, 22]);
});
