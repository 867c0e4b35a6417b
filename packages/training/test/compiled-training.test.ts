import { expect, test } from '@jest/globals';
import { feedSteps } from '../src/compiled-training.ts';
import { DEVICES, engineOptions } from '../src/index.ts';

/** A step that notes what it is given, and whose loss is the first number of its batch. */
function recorder() {
  const events: string[] = [];
  const run = async (batch: object) => {
    const { images, rate } = batch as Record<string, Float32Array>;
    events.push(`run ${images?.[0]} at ${rate?.[0]}`);
    await Promise.resolve();
    events.push(`ran ${images?.[0]}`);
    return { loss: { shape: [], dtype: 'float32' as const, data: images ?? new Float32Array() } };
  };
  return { events, run };
}

test('a step is fed its batch and its numbers, and the next batch is made meanwhile', async () => {
  const { events, run } = recorder();
  const step = feedSteps({
    compiled: { run },
    batches: (step) => {
      events.push(`make ${step}`);
      return { images: Float32Array.of(step) };
    },
    scalars: ({ step }) => ({ rate: step / 2 }),
    losses: ['loss', 'other'],
    service: 'detector',
    images: 1,
  });
  expect(await step({ step: 3, seconds: 0 })).toEqual({ loss: 3, other: Number.NaN });
  expect(await step({ step: 4, seconds: 0 })).toEqual({ loss: 4, other: Number.NaN });
  expect(events).toEqual([
    ...['make 3', 'run 3 at 1.5', 'make 4', 'ran 3'],
    ...['run 4 at 2', 'make 5', 'ran 4'],
  ]);
});

test('a batch that could not be made ends the step that needs it, not the one before', async () => {
  const step = feedSteps({
    compiled: recorder(),
    batches: (step) =>
      step === 1
        ? Promise.reject(new Error('the store is away'))
        : { images: Float32Array.of(step) },
    scalars: () => ({}),
    losses: ['loss'],
    service: 'detector',
    images: 1,
  });
  expect(await step({ step: 0, seconds: 0 })).toEqual({ loss: 0 });
  await expect(step({ step: 1, seconds: 0 })).rejects.toThrow('the store is away');
});

test('the engine has a thread for each core unless the settings say how many', () => {
  expect(engineOptions({ device: 'cuda', threads: 0 })).toEqual({ device: 'cuda' });
  expect(engineOptions({ device: 'cpu', threads: 3 })).toEqual({ device: 'cpu', threads: 3 });
  expect(DEVICES).toContain('tfjs-node');
});
