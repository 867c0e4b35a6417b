import { randomUUID } from 'node:crypto';
import { sweptFrom } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runOf, storeGarment, storeGarments } from './drawn-garments.ts';
import { type RunningTrainer, runTrainer, startCropper } from './running-trainer.ts';

const GARMENTS = 20;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const RESOURCE_EXHAUSTED = 8;

let cropper: Awaited<ReturnType<typeof startCropper>>;
let trainer: RunningTrainer;
let modelId: string;
const run = runOf(randomUUID());

/** One run, trained; its event comes twice. */
beforeAll(async () => {
  cropper = await startCropper();
  trainer = await runTrainer(cropper.address);
  cropper.list(run.id, await storeGarments(trainer.objects, GARMENTS));
  await trainer.garmentsReady(run, GARMENTS);
  await trainer.garmentsReady(run, GARMENTS);
  modelId = (await trainer.ready(run.id)).modelId ?? '';
}, 120_000);

afterAll(async () => {
  await trainer.close();
  cropper.close();
});

const request = (change: object = {}) => ({
  modelId,
  count: 3,
  seed: 7,
  requestKey: randomUUID(),
  ...change,
});

describe('a run', () => {
  test('with enough garments is trained and announced once, though its event came twice', () => {
    expect(trainer.announced(run.id)).toMatchObject([{ outcome: 'trained', modelId, run }]);
  });

  test('with the same garments and steps reuses the model', async () => {
    const again = runOf(randomUUID());
    cropper.list(again.id, await storeGarments(trainer.objects, GARMENTS));
    await trainer.garmentsReady(again, GARMENTS);
    expect(await trainer.ready(again.id)).toMatchObject({ outcome: 'reused', modelId });
  });

  test('that asks for no GAN is skipped without listing its garments', async () => {
    const skipping = runOf(randomUUID(), { skip: true });
    await trainer.garmentsReady(skipping, GARMENTS);
    const ready = await trainer.ready(skipping.id);
    expect(ready).toMatchObject({ outcome: 'skipped', modelId: null });
    expect(ready.reason).toMatch(/without a GAN/);
  });

  test('with too few garments is skipped and says how many are needed', async () => {
    const small = runOf(randomUUID());
    await trainer.garmentsReady(small, 3);
    expect((await trainer.ready(small.id)).reason).toMatch(/3 garments .* 16 are needed/);
  });

  test('whose garments the cropper does not know is skipped with the reason', async () => {
    const unknown = runOf(randomUUID());
    await trainer.garmentsReady(unknown, GARMENTS);
    const ready = await trainer.ready(unknown.id);
    expect(ready).toMatchObject({ outcome: 'skipped', modelId: null });
    expect(ready.reason).toMatch(/cannot be listed/);
  });

  test('whose crops are no images is skipped, not failed for ever', async () => {
    const broken = runOf(randomUUID());
    const garments = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        storeGarment(trainer.objects, new TextEncoder().encode(`no image ${index}`), 'dress'),
      ),
    );
    cropper.list(broken.id, garments);
    await trainer.garmentsReady(broken, 16);
    expect((await trainer.ready(broken.id)).reason).toMatch(/only 0 of 16 garments/);
  });

  test('whose crops are gone from the store is announced as skipped with the reason', async () => {
    const lost = runOf(randomUUID());
    const garments = await storeGarments(trainer.objects, 17);
    const missing = { ...garments[0]?.image, key: 'garments/00/gone' };
    cropper.list(
      lost.id,
      garments.map((garment) => ({ ...garment, image: missing as typeof garment.image })),
    );
    await trainer.garmentsReady(lost, 17);
    const ready = await trainer.ready(lost.id);
    expect(ready.outcome).toBe('skipped');
    expect(ready.reason).toMatch(/training failed/);
  });
});

describe('a design', () => {
  test('is streamed with its latent, image, realism and nearest garments', async () => {
    const designs = await trainer.generate(request());
    expect(designs.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const design of designs) {
      expect(design.latent).toHaveLength(100);
      expect(Number.isFinite(design.realism)).toBe(true);
      expect(design.image?.contentType).toBe('image/png');
      expect((await trainer.objects.get(design.image?.key ?? '')).length).toBe(design.image?.bytes);
      const distances = design.nearestGarments.map(({ distance }) => distance);
      expect(distances).toHaveLength(3);
      expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    }
  });

  test('is the same for the same seed, however many are asked for', async () => {
    const few = await trainer.generate(request({ count: 2 }));
    // More than one batch of the renderer.
    const many = await trainer.generate(request({ count: 60 }));
    expect(many).toHaveLength(60);
    expect(many.slice(0, 2).map(({ image }) => image?.sha256)).toEqual(
      few.map(({ image }) => image?.sha256),
    );
    expect(new Set(many.map(({ latent }) => latent.join())).size).toBe(60);
  });

  test('asked for again under its key comes from the same job', async () => {
    const asked = request();
    expect(await trainer.generate(asked)).toEqual(await trainer.generate(asked));
    await expect(trainer.generate({ ...asked, seed: 8 })).rejects.toMatchObject({
      code: ALREADY_EXISTS,
    });
  });

  test.each([
    ['count', { count: 0 }, INVALID_ARGUMENT],
    ['count', { count: 1025 }, RESOURCE_EXHAUSTED],
    ['model', { modelId: 'unknown' }, NOT_FOUND],
    ['model', { modelId: '' }, INVALID_ARGUMENT],
  ])('with a wrong %s is refused: %j', async (_, change, code) => {
    await expect(trainer.generate(request(change))).rejects.toMatchObject({ code });
  });
});

describe('the graph', () => {
  test('shows the training of a run and its model with curves, samples and garments', async () => {
    const { data } = await trainer.graph(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Run {
         training { state done failed expected detail stalled }
         ganModel { id season sizePx latentSize parameters steps bestStep firstKid bestKid featureSpace garmentCount
           metrics { step kid discriminatorLoss } samples { step image { url(width: 512, format: PNG) width } }
           garments(first: 5) { edges { node { id } } pageInfo { hasNextPage } } } } } }`,
      { representations: [{ __typename: 'Run', id: `run_${run.id}` }] },
    );
    const [{ training, ganModel }] = data._entities;
    expect(training).toMatchObject({
      state: 'DONE',
      done: 12,
      expected: 12,
      failed: 0,
      stalled: false,
    });
    expect(ganModel).toMatchObject({
      id: `gan_${modelId}`,
      season: 'SS2026',
      sizePx: 64,
      steps: 12,
      featureSpace: 'pixel-8',
      // One in six is held out.
      garmentCount: 17,
    });
    const measured = ganModel.metrics.filter(({ kid }: { kid: number | null }) => kid !== null);
    expect(measured[0]).toMatchObject({ step: 0, kid: ganModel.firstKid });
    // Of 12 steps the second half begins with the sixth.
    const late = measured.filter(({ step }: { step: number }) => step >= 6);
    expect(ganModel.bestKid).toBe(Math.min(...late.map(({ kid }: { kid: number }) => kid)));
    expect(ganModel.samples).toHaveLength(measured.length);
    expect(ganModel.samples[0].image.url).toMatch(/^\/images\/grids\//);
    expect(ganModel.garments.edges).toHaveLength(5);
    expect(ganModel.garments.pageInfo.hasNextPage).toBe(true);
  });

  test('finds a model by its global id, and none by another', async () => {
    const query = 'query ($id: ID!) { ganModel(id: $id) { steps } }';
    const found = await trainer.graph(query, { id: `gan_${modelId}` });
    expect(found).toEqual({ data: { ganModel: { steps: 12 } } });
    const missing = await trainer.graph(query, { id: 'gan_unknown' });
    expect(missing).toEqual({ data: { ganModel: null } });
  });
});

test('a finished training leaves a model, an ONNX file and no checkpoint', async () => {
  expect(await trainer.objects.head(`models/${modelId}/weights.safetensors`)).not.toBeNull();
  expect(await trainer.objects.head(`models/${modelId}/generator.onnx`)).not.toBeNull();
  const left: string[] = [];
  for await (const { key } of trainer.objects.list(`checkpoints/${run.id}/`)) left.push(key);
  expect(left).toEqual([]);
});

test('what no record names goes after days, of each kind; nothing of a model, its samples or its designs', async () => {
  const hash = 'ab'.repeat(32);
  const orphans = [
    `checkpoints/${run.id}/1-8.safetensors`,
    `designs/ab/${hash}`,
    `grids/ab/${hash}`,
    'models/lost/generator.onnx',
    'models/lost/weights.safetensors',
  ];
  const others = [
    'checkpoints/detector/lost/1-8.safetensors',
    'models/detector/lost/detector.onnx',
  ];
  for (const key of others) await trainer.objects.put(key, Buffer.from('other'), 'text/plain');
  expect(await sweptFrom(trainer, orphans)).toEqual(orphans);
});
