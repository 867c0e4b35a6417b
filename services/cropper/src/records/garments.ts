import type { CategoryType } from '@deepstyle/contracts';
import {
  anyOf,
  jsonBuildObject,
  type ObjectReference,
  sql,
  type Transaction,
} from '@deepstyle/storage';
import type { Box } from '../crop.ts';
import type { PaletteColor } from '../garment-look.ts';
import { db, insertRows } from './tables.ts';

export interface GarmentRecord {
  readonly id: string;
  readonly photoId: string;
  readonly detector: string;
  readonly box: Box;
  readonly category: string;
  readonly categoryType: CategoryType;
  readonly score: number | null;
  readonly brand: string | null;
  readonly image: ObjectReference;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly palette: readonly PaletteColor[];
  readonly dominantColor: string | null;
  readonly blurhash: string | null;
  readonly createdAt: Date;
}

type RunGarment = Pick<GarmentRecord, 'category' | 'categoryType' | 'brand'> & {
  readonly runId: string;
  readonly garmentId: string;
};

const GARMENT_COLUMNS = [
  'id',
  'photoId',
  'detector',
  'box',
  'category',
  'categoryType',
  'score',
  'brand',
  'imageKey',
  'imageSha256',
  'imageContentType',
  'imageBytes',
  'widthPx',
  'heightPx',
  'palette',
  'dominantColor',
  'blurhash',
  'createdAt',
] as const;

/** Inserts garments; one that exists keeps its image and takes what its newest run says of it. */
export async function saveGarments(
  tx: Transaction,
  garments: readonly GarmentRecord[],
): Promise<void> {
  // In one order for everybody, so that two transactions never wait for each other.
  const rows = [...new Map(garments.map((garment) => [garment.id, garment])).values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ image, ...garment }) => ({
      ...garment,
      imageKey: image.key,
      imageSha256: image.sha256,
      imageContentType: image.contentType,
      imageBytes: image.bytes,
    }));
  await insertRows(tx, 'garments', GARMENT_COLUMNS, rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((of) => ({
        category: of.ref('excluded.category'),
        categoryType: of.ref('excluded.categoryType'),
        brand: of.ref('excluded.brand'),
      })),
    )
    .execute();
}

export async function saveRunGarments(
  tx: Transaction,
  garments: readonly RunGarment[],
): Promise<void> {
  await insertRows(
    tx,
    'runGarments',
    ['runId', 'garmentId', 'category', 'categoryType', 'brand'],
    garments,
  )
    .onConflict((conflict) => conflict.columns(['runId', 'garmentId']).doNothing())
    .execute();
}

export function garmentsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly GarmentRecord[]> {
  return selectGarments(tx).select(OF_SOURCES).where('garments.id', '=', anyOf(ids)).execute();
}

/** Those of the keys that garments are stored under. */
export async function garmentObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('garments')
    .select('imageKey')
    .where('imageKey', '=', anyOf(keys))
    .execute();
  return rows.map(({ imageKey }) => imageKey);
}

/** The garments of each photograph, by id, at most `limit` each. */
export function garmentsOfPhotos(
  tx: Transaction,
  photoIds: readonly string[],
  limit: number,
): Promise<readonly GarmentRecord[]> {
  return db(tx)
    .selectFrom(sql<{ id: string }>`unnest(${photoIds}::text[])`.as<'photo'>(sql`photo(id)`))
    .innerJoinLateral(
      selectGarments(tx)
        .select(OF_SOURCES)
        .where('garments.photoId', '=', sql.ref<string>('photo.id'))
        .orderBy('garments.id')
        .limit(limit)
        .as('garment'),
      (join) => join.onTrue(),
    )
    .selectAll('garment')
    .execute();
}

/** The garments of a run after an id, by id, with the category and brand that this run's sources gave them. */
export function garmentsOfRun(
  tx: Transaction,
  runId: string,
  after: string,
  limit: number,
): Promise<readonly GarmentRecord[]> {
  // The page first: joined before its limit, all garments that were ever cut may be read for one page.
  return selectGarments(tx)
    .innerJoin(
      (of) =>
        of
          .selectFrom('runGarments')
          .select(['garmentId', 'category', 'categoryType', 'brand'])
          .where('runId', '=', runId)
          .where('garmentId', '>', after)
          .orderBy('garmentId')
          .limit(limit)
          .as('page'),
      (join) => join.onRef('page.garmentId', '=', 'garments.id'),
    )
    .select(['page.category', 'page.categoryType', 'page.brand'])
    .orderBy('page.garmentId')
    .execute();
}

/** What the sources say of a garment; a run may say otherwise than another. */
const OF_SOURCES = ['garments.category', 'garments.categoryType', 'garments.brand'] as const;

function selectGarments(tx: Transaction) {
  return db(tx)
    .selectFrom('garments')
    .select([
      'garments.id',
      'garments.photoId',
      'garments.detector',
      'garments.box',
      'garments.score',
      'garments.widthPx',
      'garments.heightPx',
      'garments.palette',
      'garments.dominantColor',
      'garments.blurhash',
      'garments.createdAt',
    ])
    .select((of) =>
      jsonBuildObject({
        key: of.ref('garments.imageKey'),
        sha256: of.ref('garments.imageSha256'),
        contentType: of.ref('garments.imageContentType'),
        bytes: of.ref('garments.imageBytes'),
      }).as('image'),
    );
}
