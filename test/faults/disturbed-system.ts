import { TINY_DETECTOR } from '../pipeline/detection.ts';
import type { Settings } from '../pipeline/systems.ts';
import type { Snapshot } from './snapshot.ts';
import type { Target } from './target.ts';

export type Shape = 'cluster' | 'embedded';

/** A whole DeepStyle that faults befall. */
export interface DisturbedSystem {
  readonly url: string;
  readonly token: string;
  readonly targets: readonly Target[];
  /** Faults that this machine cannot do, with the reason. */
  readonly unavailable: readonly string[];
  /** Reads everything past the services; to be called where nothing is harmed. */
  readonly readSnapshot: () => Promise<Snapshot>;
  /** What the processes wrote, for people. */
  readonly output: () => string;
  readonly close: () => Promise<void>;
}

export interface SystemOptions {
  /** The built program; default `dist/`. */
  readonly build?: string | undefined;
  /** Beside CAMPAIGN_SETTINGS. */
  readonly settings?: Settings;
}

/** Little work for a run, and a checkpoint in any of it. */
export const CAMPAIGN_SETTINGS = {
  ...TINY_DETECTOR,
  GAN_WIDTH: '8',
  GAN_BATCH_SIZE: '8',
  GAN_MIN_GARMENTS: '4',
  GAN_THREADS: '1',
  GAN_CHECKPOINT_STEPS: '5',
  GAN_CHECKPOINT_SECONDS: '1',
  GALLERY_DESIGNS: '4',
  GALLERY_CANDIDATES: '8',
  GALLERY_MIN_GARMENTS: '4',
} as const;
