/** A training whose state is one number and takes no engine: everything around the steps is real. */
import { encodeCheckpoint, type HostTensor, type Tree } from '@deepstyle/engine';
import { createFilesystemObjectStore, type ObjectStore } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { jobDelivery } from '@deepstyle/testkit/services';
import {
  encodeModelFile,
  fenceOf,
  lossCurve,
  type MeasuredProgress,
  measureWeights,
  runTraining,
  TrainingSession,
} from '../src/index.ts';
import type { SessionPorts } from '../src/training-session.ts';
import { type Course, courses } from './opened-trainings.ts';

export const STEPS = 4;

export interface ToyState {
  readonly weight: HostTensor;
}

export const START: MeasuredProgress = {
  step: 0,
  seconds: 0,
  firstDistance: null,
  lastDistance: null,
  best: null,
};

export const stateOf = (weight: number): ToyState => ({
  weight: { shape: [1], dtype: 'float32', data: Float32Array.of(weight) },
});

export const toySession = (course: Course, ports: SessionPorts) =>
  new TrainingSession<Course, ToyState, MeasuredProgress>(
    courses,
    course,
    `checkpoints/${course.id}/`,
    ports,
  );

/** What a step does depends on all steps before it. */
function compiledToy(state: ToyState) {
  let weight = state.weight.data[0] ?? 0;
  return {
    run: async (batch: Tree<HostTensor | Float32Array | Int32Array | Uint8Array>) => {
      weight = weight * 1.5 + ((batch['step'] as Float32Array)[0] ?? 0);
      return { loss: stateOf(weight).weight };
    },
    readState: async () => stateOf(weight),
  };
}

async function trainToy(course: Course, signal: AbortSignal, ports: SessionPorts): Promise<void> {
  const { id } = course;
  const session = toySession(course, ports);
  const start = await session.restore(
    { state: stateOf(1), progress: START },
    async (tx, afterStep) => {
      await tx.query('DELETE FROM marks WHERE name = $1 AND step > $2', [id, afterStep]);
    },
  );
  const compiled = compiledToy(start.state);
  const until = ({ step }: MeasuredProgress) => step >= STEPS;
  const { progress, state } = await session.train(
    {
      from: start.progress,
      until,
      compiled,
      batches: (step) => ({ step: Float32Array.of(step + 1) }),
      scalars: () => ({}),
      losses: ['loss'],
      images: 1,
      callbacks: [
        lossCurve({
          everySeconds: 0,
          stepsOf: () => STEPS,
          report: ({ step, steps }) =>
            session.report({ step, steps, detail: 'on its way' }, async (tx) => {
              await tx.query('INSERT INTO marks (name, step) VALUES ($1, $2)', [id, step]);
            }),
        }),
        // The second step is the best one.
        measureWeights({
          measure: async (step) => Math.abs(step - 2),
          everySteps: 1,
          stepsOf: () => STEPS,
          until,
        }),
      ],
      checkpointSeconds: 1000,
    },
    signal,
  );
  const detail = `step ${progress.best?.step} is kept`;
  await session.finish({
    files: {
      [`models/${id}/weights.safetensors`]: encodeModelFile(state, { steps: progress.step }),
    },
    record: (tx) => {
      const end = { state: 'done', detail, steps: progress.step, now: ports.clock() } as const;
      return courses.close(tx, fenceOf(course), end);
    },
  });
}

/** One delivery of the job. */
export function runToy(name: string, ports: SessionPorts, signal: AbortSignal): Promise<void> {
  const work = {
    table: courses,
    train: (course: Course, holding: AbortSignal) => trainToy(course, holding, ports),
    fail: () => Promise.reject(new Error('this training does not fail')),
    isFinal: () => false,
  };
  return runTraining(name, jobDelivery({ signal }), work, ports);
}

export const checkpointOf = (weight: number, progress: MeasuredProgress): Uint8Array =>
  encodeCheckpoint(stateOf(weight), progress);

/** Objects in a folder of their own. */
export async function openObjects(): Promise<{ objects: ObjectStore; close(): Promise<void> }> {
  const folder = await temporaryFolder();
  const signing = { signingKey: 'a signing key for tests', baseUrl: 'http://127.0.0.1' };
  const objects = await createFilesystemObjectStore({ root: folder.path, ...signing });
  const close = async () => {
    await objects.close();
    await folder.remove();
  };
  return { objects, close };
}
