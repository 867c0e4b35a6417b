/** MoveNet MultiPose through ONNX, against tfjs's own execution of it, and on drawn people. */
import { compileGraphModel, type GraphModelFiles, type HostTensor } from '@deepstyle/engine';
import { readPoseNetwork } from '@deepstyle/service';
import { type DrawnScenes, describeWithPose, drawScenes, POSE_NETWORKS } from '@deepstyle/testkit';
import { beforeAll, expect, test } from '@jest/globals';
import { POSE_CATEGORIES } from '../../src/model/pose-garments.ts';
import { createPoseInference, POSE_IMAGE } from '../../src/model/pose-inference.ts';
import { networkImage } from '../../src/network-image.ts';

const ENGINE = { inProcess: true, threads: 1 } as const;

describeWithPose('the network of joints', () => {
  let files: GraphModelFiles;
  let scenes: DrawnScenes;
  beforeAll(async () => {
    files = await readPoseNetwork(POSE_NETWORKS, 'movenet-multipose');
    const shape = { widthPx: 384, heightPx: 512 };
    scenes = await drawScenes({ ...shape, seed: 3, perSeason: 3, seasons: ['FW2019'] });
  }, 60_000);

  test('says the same through ONNX as by tfjs', async () => {
    // A small image: tfjs's own kernels take seconds.
    const size = { width: 96, height: 96 };
    const { image } = await networkImage(scenes.photos[0]?.bytes as Uint8Array, size);
    const input = Int32Array.from(image);
    const spec = { shape: [1, 96, 96, 3], dtype: 'int32' } as const;
    const runOn = async (device: 'cpu' | 'tfjs') => {
      const compiled = await compileGraphModel(files, { input: spec }, { ...ENGINE, device });
      const [output] = Object.values(await compiled.run({ input }));
      await compiled.dispose();
      return output as HostTensor;
    };
    const [ours, wanted] = [await runOn('cpu'), await runOn('tfjs')];
    expect(ours.shape).toEqual([1, 6, 56]);
    // It does see somebody.
    expect(wanted.data[55]).toBeGreaterThan(0.2);
    const difference = Array.from(wanted.data, (value, i) =>
      Math.abs(value - Number(ours.data[i])),
    );
    expect(Math.max(...difference)).toBeLessThan(1e-3);
  }, 120_000);

  test('finds what drawn people wear', async () => {
    const inference = await createPoseInference(files, { minScore: 0.05, engine: ENGINE });
    const images = scenes.photos.map(({ bytes }) => networkImage(bytes, POSE_IMAGE));
    const found = await inference.detect(await Promise.all(images));
    await inference.dispose();
    for (const detections of found) {
      const names = detections.map(({ category }) => POSE_CATEGORIES[category]?.name);
      expect(names.some((name) => name === 'upper' || name === 'full')).toBe(true);
      const scores = detections.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  }, 60_000);
});
