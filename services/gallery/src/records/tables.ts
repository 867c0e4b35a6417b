import type { RunReference } from '@deepstyle/contracts';
import { createQueryBuilder, sql, type TablesWith } from '@deepstyle/storage';
import type { Tables } from '../gen/tables.ts';
import type { TrendShare } from '../trends.ts';

export type GalleryTables = TablesWith<
  Tables,
  {
    runs: { reference: RunReference };
    designs: {
      latent: readonly number[];
      nearestGarments: readonly { readonly garmentId: string; readonly distance: number }[];
    };
    seasonGarments: {
      palette: readonly (readonly [lightness: number, a: number, b: number, share: number])[];
    };
    trendBatches: { categories: readonly TrendShare[]; palette: readonly TrendShare[] };
  }
>;

export const { db, insertRows } = createQueryBuilder<GalleryTables>();

/** The brand of a garment or trend batch; it is stored as '' where it is null here. */
export const BRAND = sql<string | null>`nullif(brand, '')`.as('brand');

// Sorted by code point, not by the collation of the database.
export const BRAND_ORDER = sql<string>`brand collate "C"`;
export const SEASON_ORDER = sql<string>`season collate "C"`;
