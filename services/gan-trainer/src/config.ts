import { type SettingsTable, text } from '@deepstyle/platform';
import { DEVICES, type TrainingDevice } from '@deepstyle/training';

export interface GanTrainerSettings {
  readonly maxSeconds: number;
  readonly minGarments: number;
  readonly checkpointSteps: number;
  readonly checkpointSeconds: number;
  readonly width: number;
  readonly batchSize: number;
  readonly threads: number;
  readonly device: TrainingDevice;
  readonly heldOut: number;
  readonly earlierRuns: number;
}

export const GAN_TRAINER_SETTINGS: SettingsTable<GanTrainerSettings> = {
  maxSeconds: {
    env: 'GAN_MAX_SECONDS',
    schema: text.number(1, 30 * 86_400),
    default: '600',
    description: 'longest time in seconds that one training may take',
  },
  minGarments: {
    env: 'GAN_MIN_GARMENTS',
    schema: text.integer(4, 1_000_000),
    default: '16',
    description: 'with fewer garments a run gets no model of its own',
  },
  checkpointSteps: {
    env: 'GAN_CHECKPOINT_STEPS',
    schema: text.integer(1, 1_000_000),
    default: '250',
    description: 'steps between two measured checkpoints',
  },
  checkpointSeconds: {
    env: 'GAN_CHECKPOINT_SECONDS',
    schema: text.number(1, 3_600),
    default: '60',
    description: 'longest time in seconds without a checkpoint',
  },
  width: {
    env: 'GAN_WIDTH',
    schema: text.integer(2, 256),
    default: '32',
    description: 'channels of the widest image-sized layer of both networks (ngf = ndf)',
  },
  batchSize: {
    env: 'GAN_BATCH_SIZE',
    schema: text.integer(2, 1_024),
    default: '32',
    description: 'photographs a step',
  },
  threads: {
    env: 'GAN_THREADS',
    schema: text.integer(0, 1_024),
    default: '0',
    description: 'threads of a step; 0: one per core',
  },
  device: {
    env: 'GAN_DEVICE',
    schema: text.oneOf(DEVICES),
    default: 'cpu',
    description:
      'what trains and renders: onnxruntime on cpu or cuda, or TensorFlow where scripts/tfjs-node/build.sh has put it',
  },
  heldOut: {
    env: 'GAN_HELD_OUT',
    schema: text.integer(0, 100_000),
    default: '0',
    description:
      'garments that measure a model and are never trained on, at most half of them; 0: one in six, at most 500',
  },
  earlierRuns: {
    env: 'GAN_EARLIER_RUNS',
    schema: text.integer(0, 100),
    default: '0',
    description:
      'latest runs before a run, with the same detector, whose garments are trained on too: for seasons too small alone',
  },
};
