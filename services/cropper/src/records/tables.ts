import type { RunReference } from '@deepstyle/contracts';
import { createQueryBuilder, type TablesWith } from '@deepstyle/storage';
import type { Box } from '../crop.ts';
import type { PaletteColor } from '../garment-look.ts';
import type { Tables } from '../gen/tables.ts';

type CropperTables = TablesWith<
  Tables,
  {
    garments: { box: Box; palette: readonly PaletteColor[] };
    runs: { reference: RunReference };
  }
>;

export const { db, insertRows, recordset } = createQueryBuilder<CropperTables>();
