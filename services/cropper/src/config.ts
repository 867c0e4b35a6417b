import { type SettingsTable, text } from '@deepstyle/platform';

export interface CropperSettings {
  readonly concurrency: number;
  readonly minSidePx: number;
  readonly maxSidePx: number;
  readonly maxPixels: number;
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
};
