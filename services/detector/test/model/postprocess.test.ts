import { describe, expect, test } from '@jest/globals';
import { letterboxOf } from '../../src/model/letterbox.ts';
import { postprocess } from '../../src/model/postprocess.ts';
import { POSTPROCESS } from '../../src/training/hyperparameters.ts';

const photo = { width: 400, height: 400 };
const network = { width: 200, height: 200 };

type Proposal = readonly [box: readonly number[], scores: readonly number[]];

/** @param proposals each with a score of the background first */
function detections(...proposals: readonly Proposal[]) {
  const raw = {
    boxes: Float32Array.from(proposals.flatMap(([box]) => box)),
    scores: Float32Array.from(proposals.flatMap(([, scores]) => scores)),
  };
  return postprocess(raw, photo, letterboxOf(photo, network), POSTPROCESS);
}

describe('the answers of the network', () => {
  test('become boxes in pixels of the photograph, the most certain first', () => {
    const found = detections([
      [10, 20, 30, 60],
      [0.1, 0.25, 0.5],
    ]);
    expect(found).toEqual([
      { box: [20, 40, 60, 120], category: 1, score: 0.5 },
      { box: [20, 40, 60, 120], category: 0, score: 0.25 },
    ]);
  });

  test('suppress the same garment twice, but not one of another category', () => {
    const found = detections(
      [
        [10, 10, 110, 110],
        [0, 0.75, 0],
      ],
      [
        [14, 10, 114, 110],
        [0, 0.5, 0],
      ],
      [
        [12, 10, 112, 110],
        [0, 0, 0.25],
      ],
      [
        [130, 130, 190, 190],
        [0, 0.125, 0],
      ],
    );
    expect(found.map(({ category, score }) => [category, score])).toEqual([
      ...[
        [0, 0.75],
        [1, 0.25],
        [0, 0.125],
      ],
    ]);
  });

  test('are left out below the least score, without extent, and where they are no numbers', () => {
    expect(
      detections(
        [
          [10, 10, 60, 60],
          [0, 0.04, 0],
        ],
        [
          [10, 10, 10, 60],
          [0, 0.5, 0],
        ],
        [
          [10, 10, 60, 60],
          [Number.NaN, Number.NaN, Number.NaN],
        ],
        [
          [Number.NaN, 10, 60, 60],
          [0, 0.5, 0],
        ],
      ),
    ).toEqual([]);
  });

  test('are at most 100 of a photograph', () => {
    const many = Array.from({ length: 140 }, (_, i): Proposal => {
      const [left, top] = [(i % 14) * 14, Math.floor(i / 14) * 20];
      return [
        [left, top, left + 10, top + 10],
        [0, 0.1 + i / 1000, 0],
      ];
    });
    const found = detections(...many);
    expect(found).toHaveLength(100);
    expect(found[0]?.score).toBeCloseTo(0.239, 6);
    expect(found[99]?.score).toBeCloseTo(0.14, 6);
  });
});
