import { readFileSync } from 'node:fs';
import {
  compileFunction,
  createRandom,
  decodeSafetensors,
  flattenTree,
  type HostTensor,
  type Tree,
  type tf,
  unflattenTree,
} from '@deepstyle/engine';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Architecture,
  type DetectorParams,
  initialParams,
} from '../../src/model/faster-rcnn.ts';
import type { RoiTargets } from '../../src/model/roi-heads.ts';
import { LOSSES, lossesAndGradients } from '../../src/training/step.ts';
import { integers } from './run-graph.ts';
import { distance } from './torchvision.ts';

/** What fixtures/make_fixtures.py built in PyTorch. */
const ARCHITECTURE: Architecture = {
  image: { height: 64, width: 64 },
  categories: 2,
  widths: { stem: 4, c2: 4, c3: 6, c4: 6, c5: 8 },
  pyramid: 6,
  anchors: {
    levels: [8, 16, 32].map((stridePx) => ({ stridePx, sizePx: 4 * stridePx })),
    ratios: [0.5, 1, 2],
  },
  bins: 3,
  hidden: 8,
  roiLevels: 2,
  canonicalSizePx: 24,
};

const file = new URL('./fixtures/training-step.safetensors', import.meta.url);
const fixture = decodeSafetensors(readFileSync(file));
const part = (name: string): Record<string, HostTensor> =>
  Object.fromEntries(
    Object.entries(fixture)
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, tensor]) => [key.slice(name.length + 1), tensor]),
  );

/** Samples given: nothing here is drawn. */
function targetsOf(inputs: Record<string, tf.Tensor>) {
  const rpn = {
    labels: inputs.anchorLabels,
    used: inputs.anchorUsed,
    deltas: inputs.anchorDeltas,
  };
  const rois = {
    rois: inputs.rois,
    labels: inputs.roiLabels,
    deltas: inputs.roiDeltas,
    used: inputs.roiUsed,
    foreground: inputs.roiForeground,
  } as RoiTargets;
  return { rpn, rois } as never;
}

async function runStep(threads: number): Promise<Record<string, HostTensor>> {
  const given = part('inputs');
  const labels = given.roiLabels as HostTensor;
  const inputs = { ...given, roiLabels: integers(labels.shape, labels.data) };
  const weights = unflattenTree<HostTensor>(part('weights'));
  const compiled = await compileFunction(
    (_, tree) => {
      const { params, batch } = tree as unknown as {
        params: DetectorParams;
        batch: Record<string, tf.Tensor>;
      };
      const images = batch.images as tf.Tensor4D;
      const result = lossesAndGradients(params, images, targetsOf(batch), ARCHITECTURE);
      return { losses: { ...result.losses }, gradients: result.gradients };
    },
    { params: {}, inputs: { params: weights, batch: inputs } },
    { inProcess: true, threads },
  );
  const outputs = await compiled.run({ params: weights, batch: inputs });
  await compiled.dispose();
  return outputs;
}

describe('one training step, samples given', () => {
  let outputs: Record<string, HostTensor>;
  beforeAll(async () => {
    outputs = await runStep(2);
  });

  test('has the weights that the PyTorch twin has', () => {
    const own = flattenTree<HostTensor>(
      initialParams(createRandom(1), ARCHITECTURE) as unknown as Tree<HostTensor>,
    );
    const shapes = (flat: Record<string, HostTensor>) =>
      Object.fromEntries(Object.entries(flat).map(([name, { shape }]) => [name, shape]));
    expect(shapes(own)).toEqual(shapes(part('weights')));
  });

  test.each(LOSSES)('loss %s equals the PyTorch twin', (name) => {
    const expected = fixture[`losses.${name}`]?.data ?? [];
    expect(distance(outputs[`losses.${name}`]?.data ?? [], expected)).toBeLessThan(1e-5);
  });

  test.each(Object.keys(part('gradients')))('gradient of %s equals the PyTorch twin', (name) => {
    const expected = fixture[`gradients.${name}`]?.data as Float32Array;
    const actual = outputs[`gradients.${name}`]?.data ?? [];
    // Relative to the tensor's largest gradient: a missing term is no smaller for small weights.
    const scale = Math.max(...expected.map(Math.abs));
    const scaled = (values: ArrayLike<number>) => Array.from(values, (value) => value / scale);
    expect(distance(scaled(actual), scaled(expected))).toBeLessThan(1e-3);
  });

  test('is the same again on two threads', async () => {
    expect(await runStep(2)).toEqual(outputs);
  });
});
