/** Answers of torchvision's own parts; made by fixtures/make_fixtures.py. */
import { readFileSync } from 'node:fs';

interface Answers {
  readonly anchors: {
    readonly height: number;
    readonly width: number;
    readonly sizes: readonly number[];
    readonly strides: readonly number[];
    readonly cells: readonly (readonly number[])[];
    readonly anchors: readonly number[];
  };
  readonly coders: readonly {
    readonly weights: [number, number, number, number];
    readonly references: readonly number[];
    readonly boxes: readonly number[];
    readonly deltas: readonly number[];
    readonly wild: readonly number[];
    readonly decoded: readonly number[];
  }[];
  readonly matchers: readonly {
    readonly allow: boolean;
    readonly truths: number;
    readonly boxes: number;
    readonly iou: readonly number[];
    readonly matches: readonly number[];
  }[];
  readonly roiAlign: {
    readonly features: readonly number[];
    readonly boxes: readonly number[];
    readonly pooled: readonly number[];
    readonly weight: readonly number[];
    readonly gradient: readonly number[];
  };
  readonly smoothL1: {
    readonly differences: readonly number[];
    readonly losses: readonly number[];
  };
}

const file = new URL('./fixtures/torchvision.json', import.meta.url);
export const torchvision = JSON.parse(readFileSync(file, 'utf8')) as Answers;

/** Largest |a - b| / (1 + |b|); infinite where lengths differ or a number is missing. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    const error = Math.abs(a - b) / (1 + Math.abs(b));
    most = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(most, error);
  }
  return most;
}
