import { categoryName } from '@deepstyle/contracts';
import { type SettingsTable, text } from '@deepstyle/platform';
import { POSE_FOLDER_SETTING } from '@deepstyle/service';
import type { z } from 'zod';
import type { DetectionPolicy } from './detection-policy.ts';

export interface CropperSettings extends DetectionPolicy {
  readonly concurrency: number;
  readonly maxSidePx: number;
  readonly maxPixels: number;
  /** Where scripts/pose/fetch.sh puts the network that knows people from what is behind them. */
  readonly poseFolder: string;
}

export const CROPPER_SETTINGS: SettingsTable<CropperSettings> = {
  concurrency: {
    env: 'CROPPER_CONCURRENCY',
    schema: text.integer(1, 256),
    default: '16',
    description: 'photographs cropped at once; what they write shares transactions',
  },
  minSidePx: {
    env: 'CROPPER_MIN_SIDE_PX',
    schema: text.integer(1, 4096),
    default: '32',
    description: 'detected boxes with a shorter side, in pixels, are left out',
  },
  minScore: {
    env: 'CROPPER_MIN_SCORE',
    schema: text.number(0, 1),
    default: '0.5',
    description: 'detections that the detector is less certain of, in [0, 1], are left out',
  },
  minScores: {
    env: 'CROPPER_MIN_SCORES',
    schema: text.list().transform(scoresOf),
    default: '',
    description:
      'other least scores for some categories or types, comma-separated, e.g. coat=0.7,lower=0.4',
  },
  categories: {
    env: 'CROPPER_CATEGORIES',
    schema: text.list().transform((names) => names.map(categoryName)),
    default: '',
    description: 'categories or types that are cut, comma-separated; empty: all',
  },
  maxOverlap: {
    env: 'CROPPER_MAX_OVERLAP',
    schema: text.number(0, 1),
    default: '0.6',
    description:
      'of detections whose boxes overlap by more (IoU in [0, 1]), whatever their categories, the most certain stands',
  },
  maxSidePx: {
    env: 'CROPPER_MAX_SIDE_PX',
    schema: text.integer(64, 8192),
    default: '1024',
    description: 'longest side of a stored crop in pixels; larger ones are scaled down',
  },
  maxPixels: {
    env: 'CROPPER_MAX_PIXELS',
    schema: text.integer(4096, 500_000_000),
    default: '50000000',
    description: 'photographs with more pixels are not decoded and count as failed',
  },
  poseFolder: POSE_FOLDER_SETTING,
};

/** `coat=0.7` and the like as a map by category or type. */
function scoresOf(
  items: readonly string[],
  context: z.core.$RefinementCtx,
): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  for (const item of items) {
    const [, name = '', value = ''] = /^(.+)=([^=]+)$/.exec(item) ?? [];
    const score = Number(value);
    if (name !== '' && value.trim() !== '' && score >= 0 && score <= 1)
      scores.set(categoryName(name), score);
    else context.addIssue(`must hold name=score with a score from 0 to 1, not "${item}"`);
  }
  return scores;
}
