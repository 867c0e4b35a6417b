import { countMetric } from '@deepstyle/platform';
import {
  condemnedObjects,
  condemnObjects,
  endSweepPage,
  forgetDeletedObjects,
  type ListedObject,
  markObjectsDeleted,
  otherInstallations,
  spareObjects,
  type Transaction,
  takeSweepPage,
} from '@deepstyle/storage';
import type { ReconciledService, Round } from './reconciled-service.ts';
import type { SweptObjects } from './reconciler.ts';

/** Keys looked at in a round: what an S3 server lists at one request. */
const PAGE = 1_000;
const MAX_DELETED = 100;
/** Shorter than the time between two rounds, so that replicas together look at one page in it. */
const PAGE_MS = 45_000;
/** From the end of a pass to the next. */
const PASS_MS = 24 * 3_600_000;
/** Longer than any transaction: who has not seen that an object is condemned has named it by then, or never will. */
const CONDEMNED_MS = 10 * 60_000;
/** Longer than it takes from storing an object to naming it. */
const REMEMBERED_MS = 3_600_000;
const HOUR_MS = 3_600_000;

/**
 * Deletes objects that no record names: what a process stored and was killed before it wrote the record. Slowly, a page a
 * round, from where the last round ended; only what is old, and in two steps, so that nothing is deleted that is being named.
 */
export function sweepRound(of: ReconciledService, objects: readonly SweptObjects[]): Round {
  let installation: string | undefined;
  let isSaid = false;
  return async (now) => {
    installation ??= await of.sweep.installation();
    const others = await otherInstallations(of.ports.objects, installation);
    if (others.length > 0 && !isSaid) {
      of.ports.logger.warn(
        { others },
        'no object is swept: the store also has the mark of another installation; delete it where that is gone',
      );
    }
    isSaid = others.length > 0;
    if (isSaid || of.sweep.afterHours === 0) return;
    const oldest = new Date(now.getTime() - of.sweep.afterHours * HOUR_MS);
    for (const one of objects) {
      await condemnPage(of, one, now, oldest);
      await deleteCondemned(of, one, now, oldest);
    }
    await transaction(of, (tx) =>
      forgetDeletedObjects(tx, new Date(now.getTime() - REMEMBERED_MS)),
    );
  };
}

/** Looks at the next page of a prefix. */
async function condemnPage(
  of: ReconciledService,
  { prefix, pattern, named }: SweptObjects,
  now: Date,
  oldest: Date,
): Promise<void> {
  const nextAt = (ms: number) => new Date(now.getTime() + ms);
  const after = await transaction(of, (tx) => takeSweepPage(tx, prefix, now, nextAt(PAGE_MS)));
  if (after === null) return;
  const page = await listPage(of, prefix, after);
  const keys = page
    .filter(({ key, modifiedAt }) => pattern.test(key) && modifiedAt < oldest)
    .map(({ key }) => key);
  const last = page.length < PAGE ? undefined : page.at(-1)?.key;
  await transaction(of, async (tx) => {
    const kept = new Set(await named(tx, keys));
    await condemnObjects(
      tx,
      keys.filter((key) => !kept.has(key)),
      now,
    );
    await endSweepPage(tx, prefix, last ?? '', nextAt(last === undefined ? PASS_MS : PAGE_MS));
  });
}

async function listPage(
  { ports }: ReconciledService,
  prefix: string,
  after: string,
): Promise<readonly ListedObject[]> {
  const page: ListedObject[] = [];
  for await (const object of ports.objects.list(prefix, after)) {
    page.push(object);
    if (page.length === PAGE) break;
  }
  return page;
}

/** Deletes what was condemned a while ago, unless it was named or stored again meanwhile. */
async function deleteCondemned(
  of: ReconciledService,
  { prefix, named }: SweptObjects,
  now: Date,
  oldest: Date,
): Promise<void> {
  const before = new Date(now.getTime() - CONDEMNED_MS);
  const keys = await transaction(of, (tx) => condemnedObjects(tx, prefix, before, MAX_DELETED));
  if (keys.length === 0) return;
  const old: ListedObject[] = [];
  for (const key of keys) {
    const object = await findObject(of, key);
    if (object !== null && object.modifiedAt < oldest) old.push(object);
  }
  const deleted = await transaction(of, async (tx) => {
    const kept = new Set(await named(tx, keys));
    const doomed = old.map(({ key }) => key).filter((key) => !kept.has(key));
    await spareObjects(
      tx,
      keys.filter((key) => !doomed.includes(key)),
    );
    return markObjectsDeleted(tx, doomed, now);
  });
  for (const key of deleted) await of.ports.objects.delete(key);
  if (deleted.length === 0) return;
  const bytes = old
    .filter(({ key }) => deleted.includes(key))
    .reduce((sum, object) => sum + object.bytes, 0);
  of.ports.logger.info(
    { prefix, objects: deleted.length, bytes },
    'objects that no record names were deleted',
  );
  countMetric('objectsSwept', { service: of.name, prefix }, deleted.length);
}

async function findObject(
  { ports }: ReconciledService,
  wanted: string,
): Promise<ListedObject | null> {
  // Keys that begin with it come behind it.
  for await (const object of ports.objects.list(wanted)) {
    return object.key === wanted ? object : null;
  }
  return null;
}

function transaction<T>(
  { name, ports }: ReconciledService,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return ports.database.transaction(`${name}.sweep`, work);
}
