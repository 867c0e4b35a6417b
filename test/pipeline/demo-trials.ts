import type { DemoPlan } from '../../packages/cli/src/demo/play.ts';
import { DEMO_SIZES, demoSettings } from '../../packages/cli/src/demo/sizes.ts';
import { TINY_DETECTOR } from './detection.ts';
import { type Settings, SMALL_GAN } from './systems.ts';
import type { Blow } from './workers.ts';

/** A demo that comes out the same on any machine, and what is done to its workers on the way. */
export interface DemoTrial {
  readonly plan: DemoPlan;
  readonly settings: Settings;
  readonly blows: { readonly detector: readonly Blow[]; readonly gan: readonly Blow[] };
}

// So long that no machine ends before its steps are done: they decide.
const LONG_SECONDS = 3_600;

/** Shorter than the time between two reports of progress: whoever is struck down has left one. */
const SHORT_CHECKPOINTS = {
  DETECTOR_CHECKPOINT_SECONDS: '0.5',
  GAN_CHECKPOINT_SECONDS: '1',
  GAN_CHECKPOINT_STEPS: '20',
  // What a worker says as it gives its training back.
  LOG_LEVEL: 'info',
};

/** @param size `quick` for the sizes of `demo --quick`; the usual ones show the same in a minute */
export function demoTrial(size: string | undefined): DemoTrial {
  if (size === 'quick') return quick();
  if (size === undefined) return tiny();
  throw new Error(`DEEPSTYLE_DEMO_SIZE must be quick or not set, not ${size}`);
}

/** The claim is equality, not quality. */
function tiny(): DemoTrial {
  const sizes = {
    ...{ perSeason: 12, train: 32, val: 4, test: 8, heldOut: 8, minScore: 0.01 },
    // Some seconds each: there must be time to strike in their midst.
    ...{ detectorSteps: 240, detectorSeconds: LONG_SECONDS, ganSteps: 160 },
  };
  return {
    plan: { seed: 11, sizes, skipGan: false },
    settings: {
      ...demoSettings(sizes),
      ...TINY_DETECTOR,
      ...SHORT_CHECKPOINTS,
      ...SMALL_GAN,
    },
    blows: {
      detector: [
        { atStep: 40, signal: 'SIGTERM' },
        { atStep: 110, signal: 'SIGKILL' },
      ],
      gan: [{ atStep: 30, signal: 'SIGTERM' }],
    },
  };
}

function quick(): DemoTrial {
  const sizes = { ...DEMO_SIZES.quick, detectorSeconds: LONG_SECONDS };
  const { detectorSteps, ganSteps } = sizes;
  const both = (steps: number): Blow[] => [
    { atStep: Math.round(steps * 0.2), signal: 'SIGKILL' },
    { atStep: Math.round(steps * 0.5), signal: 'SIGTERM' },
  ];
  return {
    plan: { seed: 11, sizes, skipGan: false },
    settings: { ...demoSettings(sizes), ...SHORT_CHECKPOINTS },
    blows: { detector: both(detectorSteps), gan: both(ganSteps) },
  };
}
