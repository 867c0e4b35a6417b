import { anyOf, jsonBuildObject, type ObjectReference, type Transaction } from '@deepstyle/storage';
import { db, insertRows } from './tables.ts';

export interface DesignRecord {
  readonly id: string;
  readonly modelId: string;
  readonly decoderVersion: string;
  readonly latent: readonly number[];
  readonly realism: number;
  /** Nearest first. */
  readonly nearestGarments: readonly { readonly garmentId: string; readonly distance: number }[];
  readonly image: ObjectReference;
  readonly sizePx: number;
  readonly blurhash: string | null;
  readonly dominantColor: string | null;
  readonly createdAt: Date;
}

const DESIGN_COLUMNS = [
  'id',
  'modelId',
  'decoderVersion',
  'latent',
  'realism',
  'nearestGarments',
  'imageKey',
  'imageSha256',
  'imageContentType',
  'imageBytes',
  'sizePx',
  'blurhash',
  'dominantColor',
  'createdAt',
] as const;

/** Inserts designs; one that exists stays as it is. */
export async function saveDesigns(
  tx: Transaction,
  designs: readonly DesignRecord[],
): Promise<void> {
  const rows = designs.map(({ image, ...design }) => ({
    ...design,
    imageKey: image.key,
    imageSha256: image.sha256,
    imageContentType: image.contentType,
    imageBytes: image.bytes,
  }));
  await insertRows(tx, 'designs', DESIGN_COLUMNS, rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export function designsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly DesignRecord[]> {
  return selectDesigns(tx).where('designs.id', '=', anyOf(ids)).execute();
}

export type PlacedDesign = DesignRecord & { readonly position: number };

/** The designs of a collection after a position, in its order. */
export function designsOfCollection(
  tx: Transaction,
  collectionId: string,
  after: number,
  limit: number,
): Promise<readonly PlacedDesign[]> {
  return selectDesigns(tx)
    .innerJoin(
      (of) =>
        of
          .selectFrom('collectionDesigns')
          .select(['designId', 'position'])
          .where('collectionId', '=', collectionId)
          .where('position', '>', after)
          .orderBy('position')
          .limit(limit)
          .as('page'),
      (join) => join.onRef('page.designId', '=', 'designs.id'),
    )
    .select('page.position')
    .orderBy('page.position')
    .execute();
}

function selectDesigns(tx: Transaction) {
  return db(tx)
    .selectFrom('designs')
    .select([
      'designs.id',
      'designs.modelId',
      'designs.decoderVersion',
      'designs.latent',
      'designs.realism',
      'designs.nearestGarments',
      'designs.sizePx',
      'designs.blurhash',
      'designs.dominantColor',
      'designs.createdAt',
    ])
    .select((of) =>
      jsonBuildObject({
        key: of.ref('designs.imageKey'),
        sha256: of.ref('designs.imageSha256'),
        contentType: of.ref('designs.imageContentType'),
        bytes: of.ref('designs.imageBytes'),
      }).as('image'),
    );
}

/** Remembers objects of candidates that were not chosen, until forgetUnusedObjects. */
export async function noteUnusedObjects(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<void> {
  const rows = keys.map((objectKey) => ({ objectKey, runId }));
  await insertRows(tx, 'unusedObjects', ['objectKey', 'runId'], rows)
    .onConflict((conflict) => conflict.column('objectKey').doNothing())
    .execute();
}

/** Objects to delete, and whether a design refers to them after all. */
export function unusedObjects(
  tx: Transaction,
  runId: string,
): Promise<readonly { readonly objectKey: string; readonly isUsed: boolean }[]> {
  return db(tx)
    .selectFrom('unusedObjects')
    .select('objectKey')
    .select((of) =>
      of
        .exists(of.selectFrom('designs').select('id').whereRef('imageKey', '=', 'objectKey'))
        .$castTo<boolean>()
        .as('isUsed'),
    )
    .where('runId', '=', runId)
    .execute();
}

export async function forgetUnusedObjects(tx: Transaction, runId: string): Promise<void> {
  await db(tx).deleteFrom('unusedObjects').where('runId', '=', runId).execute();
}
