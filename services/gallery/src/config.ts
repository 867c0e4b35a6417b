import { type SettingsTable, text } from '@deepstyle/platform';

export interface GallerySettings {
  readonly designs: number;
  readonly candidates: number;
  readonly minGarments: number;
  readonly paletteColors: number;
  readonly maxLosses: number;
}

export const GALLERY_SETTINGS: SettingsTable<GallerySettings> = {
  designs: {
    env: 'GALLERY_DESIGNS',
    schema: text.integer(1, 1024),
    default: '64',
    description: 'designs of a collection',
  },
  candidates: {
    env: 'GALLERY_CANDIDATES',
    schema: text.integer(1, 1024),
    default: '128',
    description: 'designs generated to choose from; at least GALLERY_DESIGNS are',
  },
  minGarments: {
    env: 'GALLERY_MIN_GARMENTS',
    schema: text.integer(2, 1_000_000),
    default: '30',
    description: 'with fewer garments a brand has no trend batch, and nothing has momentum',
  },
  paletteColors: {
    env: 'GALLERY_PALETTE_COLORS',
    schema: text.integer(2, 64),
    default: '10',
    description: 'largest number of colors in the palette of a season',
  },
  maxLosses: {
    env: 'GALLERY_MAX_LOSSES',
    schema: text.number(0, 1),
    default: '0.02',
    description:
      'share of failed and lost photographs above which a run is held rather than published',
  },
};
