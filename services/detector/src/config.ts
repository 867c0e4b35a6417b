import { type SettingsTable, text } from '@deepstyle/platform';
import { POSE_FOLDER_SETTING } from '@deepstyle/service';
import { DEVICES, type TrainingDevice } from '@deepstyle/training';

export interface DetectorSettings {
  readonly imageWidthPx: number;
  readonly imageHeightPx: number;
  readonly width: number;
  readonly batchSize: number;
  readonly checkpointSeconds: number;
  readonly cacheBytes: number;
  readonly minScore: number;
  readonly maxPixels: number;
  readonly threads: number;
  readonly device: TrainingDevice;
  /** Where scripts/pose/fetch.sh puts the networks behind the detector by the joints of people. */
  readonly poseFolder: string;
}

const MEGABYTE = 1e6;
/** The coarsest level of the pyramid. */
const STRIDE_PX = 32;

const imageSide = () =>
  text
    .integer(STRIDE_PX, 2048)
    .refine((side) => side % STRIDE_PX === 0, `must be a multiple of ${STRIDE_PX}`);

export const DETECTOR_SETTINGS: SettingsTable<DetectorSettings> = {
  imageWidthPx: {
    env: 'DETECTOR_IMAGE_WIDTH_PX',
    schema: imageSide(),
    default: '192',
    description: 'width that photographs are scaled to for a training, in pixels; a multiple of 32',
  },
  imageHeightPx: {
    env: 'DETECTOR_IMAGE_HEIGHT_PX',
    schema: imageSide(),
    default: '256',
    description:
      'height that photographs are scaled to for a training, in pixels; a multiple of 32',
  },
  width: {
    env: 'DETECTOR_WIDTH',
    schema: text.integer(2, 256),
    default: '16',
    description: "channels of the network's first layer; all others have a multiple of it",
  },
  batchSize: {
    env: 'DETECTOR_BATCH_SIZE',
    schema: text.integer(1, 256),
    default: '8',
    description: 'photographs a training step',
  },
  checkpointSeconds: {
    env: 'DETECTOR_CHECKPOINT_SECONDS',
    schema: text.number(0, 3_600),
    default: '30',
    description: 'longest time in seconds without a checkpoint',
  },
  cacheBytes: {
    env: 'DETECTOR_CACHE_MB',
    schema: text.integer(1, 1_000_000).transform((megabytes) => megabytes * MEGABYTE),
    default: '256',
    description: 'decoded photographs kept in memory during a training, in megabytes',
  },
  minScore: {
    env: 'DETECTOR_MIN_SCORE',
    schema: text.number(0, 1),
    default: '0.05',
    description:
      "garments that the detector is less certain of, in [0, 1], are not reported; the cropper's limit is its own",
  },
  maxPixels: {
    env: 'DETECTOR_MAX_PIXELS',
    schema: text.integer(4096, 500_000_000),
    default: '64000000',
    description: 'photographs with more pixels are not decoded and count as failed',
  },
  threads: {
    env: 'DETECTOR_THREADS',
    schema: text.integer(0, 1_024),
    default: '0',
    description: 'threads of a step; 0: one per core',
  },
  device: {
    env: 'DETECTOR_DEVICE',
    schema: text.oneOf(DEVICES),
    default: 'cpu',
    description:
      'what trains and detects: onnxruntime on cpu or cuda, or TensorFlow where scripts/tfjs-node/build.sh has put it',
  },
  poseFolder: POSE_FOLDER_SETTING,
};
