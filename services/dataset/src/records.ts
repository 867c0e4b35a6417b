import {
  anyOf,
  createQueryBuilder,
  type Generated,
  json,
  jsonBuildObject,
  type ObjectReference,
  sql,
  type TablesWith,
  type Transaction,
} from '@deepstyle/storage';
import type { BoxConvention, Category } from './category.ts';
import type { SourceCounts } from './dataset-source.ts';
import type { Tables } from './gen/tables.ts';
import type { IrregularityCount } from './irregularities.ts';
import type { OpenOptions } from './open-dataset.ts';

type DatasetTables = TablesWith<
  Tables,
  {
    datasets: { annotationsObject: ObjectReference };
    imports: { options: ImportOptions; irregularities: Generated<readonly IrregularityCount[]> };
  }
>;
const { db, insertRows } = createQueryBuilder<DatasetTables>();

/** A dataset with its categories, by id. */
export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly createdAt: Date;
  readonly source: Tables['datasets']['source'];
  readonly boxConvention: BoxConvention;
  readonly splits: SourceCounts['splits'];
  readonly storedImages: number;
  readonly annotationsObject: ObjectReference;
  readonly categories: readonly Category[];
}

/** Where a page of datasets begins: after this one, which is newer. */
export interface DatasetPosition {
  readonly createdAt: string;
  readonly id: string;
}

/** How the folder of an import is read. */
export interface ImportOptions extends Omit<OpenOptions, 'isPermitted'> {
  readonly strict: boolean;
  /** Whether images that are on the disk are stored too. */
  readonly storeImages: boolean;
}

export interface ImportRecord {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly name: string;
  readonly folder: string;
  readonly options: ImportOptions;
  readonly state: Tables['imports']['state'];
  readonly done: number;
  readonly expected: number | null;
  readonly detail: string | null;
  readonly datasetId: string | null;
  readonly irregularities: readonly IrregularityCount[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How far an import is. */
export interface ImportProgress {
  readonly detail: string;
  readonly done: number;
  readonly expected: number | null;
}

/** How an import ended: with a dataset, or with the reason why there is none. */
export interface ImportOutcome {
  readonly datasetId: string | null;
  readonly detail: string | null;
  readonly images: number;
  readonly irregularities: readonly IrregularityCount[];
}

export function datasetsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly DatasetRecord[]> {
  return selectDatasets(tx).where('id', '=', anyOf(ids)).execute();
}

/** Newest first. */
export function listDatasets(
  tx: Transaction,
  after: DatasetPosition | null,
  limit: number,
): Promise<readonly DatasetRecord[]> {
  const newest = selectDatasets(tx).orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit);
  if (after === null) return newest.execute();
  const createdAt = sql<Date>`${after.createdAt}::timestamptz`;
  return newest
    .where((of) => of(of.refTuple('createdAt', 'id'), '<', of.tuple(createdAt, after.id)))
    .execute();
}

function selectDatasets(tx: Transaction) {
  return db(tx)
    .selectFrom('datasets')
    .select(['id', 'name', 'images', 'annotations', 'createdAt', 'source', 'boxConvention'])
    .select(['storedImages', 'annotationsObject'])
    .select((of) => [
      jsonBuildObject({
        train: of.ref('trainImages'),
        val: of.ref('valImages'),
        test: of.ref('testImages'),
        none: of.ref('unsplitImages'),
      }).as('splits'),
      of
        .selectFrom('categories')
        .whereRef('categories.datasetId', '=', 'datasets.id')
        .select(({ fn, ref }) => {
          const category = jsonBuildObject({
            id: ref('categories.number'),
            name: ref('categories.name'),
            type: ref('categories.type'),
          });
          const list = fn.jsonAgg(category).orderBy('categories.number');
          return fn.coalesce(list, sql<[]>`'[]'::json`).as('list');
        })
        .$asScalar()
        .$notNull()
        .as('categories'),
    ]);
}

/** Stores a dataset; one with the same id is the same one and stays as it is. */
export async function saveDataset(tx: Transaction, dataset: DatasetRecord): Promise<void> {
  const { splits, categories, annotationsObject, ...columns } = dataset;
  const inserted = await db(tx)
    .insertInto('datasets')
    .values({
      ...columns,
      trainImages: splits.train,
      valImages: splits.val,
      testImages: splits.test,
      unsplitImages: splits.none,
      annotationsObject: json(annotationsObject),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return;
  const rows = categories.map(({ id, name, type }) => {
    return { datasetId: dataset.id, number: id, name, type };
  });
  await insertRows(tx, 'categories', ['datasetId', 'number', 'name', 'type'], rows).execute();
}

export async function importById(tx: Transaction, id: string): Promise<ImportRecord | null> {
  const found = await selectImports(tx).where('id', '=', id).executeTakeFirst();
  return found ?? null;
}

export async function importByKey(tx: Transaction, key: string): Promise<ImportRecord | null> {
  const found = await selectImports(tx).where('idempotencyKey', '=', key).executeTakeFirst();
  return found ?? null;
}

function selectImports(tx: Transaction) {
  return db(tx).selectFrom('imports').selectAll();
}

/** True where the key is new. */
export async function insertImport(
  tx: Transaction,
  one: Pick<ImportRecord, 'id' | 'idempotencyKey' | 'name' | 'folder' | 'options' | 'createdAt'>,
): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('imports')
    .values({ ...one, options: json(one.options), state: 'WAITING', updatedAt: one.createdAt })
    .onConflict((conflict) => conflict.column('idempotencyKey').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Notes how far an open import is; a closed one stays as it is. */
export async function updateProgress(
  tx: Transaction,
  id: string,
  progress: ImportProgress,
  now: Date,
): Promise<void> {
  await updateOpenImport(tx, id)
    .set({ ...progress, state: 'RUNNING', updatedAt: now })
    .execute();
}

/** Closes an open import. */
export async function closeImport(
  tx: Transaction,
  id: string,
  { datasetId, detail, images, irregularities }: ImportOutcome,
  now: Date,
): Promise<void> {
  await updateOpenImport(tx, id)
    .set({
      state: datasetId === null ? 'FAILED' : 'DONE',
      datasetId,
      detail,
      done: images,
      expected: images,
      irregularities: json(irregularities),
      updatedAt: now,
    })
    .execute();
}

function updateOpenImport(tx: Transaction, id: string) {
  return db(tx)
    .updateTable('imports')
    .where('id', '=', id)
    .where('state', 'in', ['WAITING', 'RUNNING']);
}
