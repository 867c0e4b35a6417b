import { idInRetry } from '@deepstyle/service';
import type { Expected, Snapshot, Violation } from './snapshot.ts';

/** What has to hold of a system at rest. `expected`: what its runs have to come to. */
type Invariant = (snapshot: Snapshot, expected: readonly Expected[]) => readonly Found[];
type Found = Omit<Violation, 'invariant'>;

const of = (run: string | null, seen: string): Found => ({ run, seen });
const MAX_NAMED = 3;

/** Some of many, for people. */
function some(items: readonly string[]): string {
  const named = items.slice(0, MAX_NAMED).join(', ');
  return items.length > MAX_NAMED ? `${named} and ${items.length - MAX_NAMED} more` : named;
}

/** What occurs more than once. */
function repeated(items: readonly string[]): string[] {
  const seen = new Set<string>();
  return items.filter((item) => seen.size === seen.add(item).size);
}

function lacking(items: readonly string[], among: ReadonlySet<string>): string[] {
  return [...new Set(items)].filter((item) => !among.has(item));
}

/** One violation that names those that fail, none where none does. */
function named(what: string, items: readonly string[], run: string | null = null): Found[] {
  return items.length === 0 ? [] : [of(run, `${items.length} ${what}: ${some(items)}`)];
}

const everyRunIsDone: Invariant = ({ runs }, expected) => {
  const known = new Map(runs.map((run) => [run.id, run]));
  return expected.flatMap(({ runId }) => {
    const run = known.get(runId);
    if (run === undefined) return [of(runId, 'the run is not there')];
    const { scraping, cropping, publishing } = run;
    if (scraping === 'DONE' && cropping?.isReady === true && publishing === 'DONE') return [];
    const crop =
      cropping === null
        ? 'never heard of'
        : `${cropping.done} done, ${cropping.failed} failed of ${cropping.expected ?? '?'}`;
    return [of(runId, `scraping ${scraping}, cropping ${crop}, publishing ${publishing}`)];
  });
};

const sameAsUndisturbed: Invariant = ({ members, runGarments }, expected) =>
  expected.flatMap(({ runId, photos, garments }) => {
    const found = {
      photographs: members.filter((one) => one.runId === runId).map(({ photoId }) => photoId),
      garments: runGarments.filter((one) => one.runId === runId).map(({ garmentId }) => garmentId),
    };
    const differences = (what: keyof typeof found, wanted: readonly string[]) => [
      ...named(`${what} are lacking`, lacking(wanted, new Set(found[what])), runId),
      ...named(`${what} too many`, lacking(found[what], new Set(wanted)), runId),
    ];
    return [...differences('photographs', photos), ...differences('garments', garments)];
  });

const countsAreTrue: Invariant = ({ runs, members, settled, runGarments }) =>
  runs.flatMap(({ id, cropping }) => {
    if (cropping === null) return [];
    const mine = (one: { readonly runId: string }) => one.runId === id;
    const outcomes = settled.filter(mine).map(({ outcome }) => outcome);
    const counted = {
      expected: members.filter(mine).length,
      done: outcomes.filter((outcome) => outcome === 'done').length,
      failed: outcomes.filter((outcome) => outcome === 'failed').length,
      garments: runGarments.filter(mine).length,
    };
    return Object.entries(counted).flatMap(([name, count]) => {
      const said = cropping[name as keyof typeof counted];
      return said === null || said === count
        ? []
        : [of(id, `the cropper says ${name} ${said}, its records have ${count}`)];
    });
  });

const nothingFailed: Invariant = ({ lostSources, settled, generateRequests, trainings }) => {
  const lost = lostSources.map(({ runId, name, code }) => of(runId, `${name} is ${code}`));
  const failedPhotos = settled.filter(({ outcome }) => outcome === 'failed');
  return [
    ...lost,
    ...named(
      'photographs failed',
      failedPhotos.map(({ photoId }) => photoId),
    ),
    ...trainings
      .filter(({ state }) => state === 'failed')
      .map(({ runId }) => of(runId, 'its training failed')),
    ...generateRequests
      .filter(({ state }) => state === 'failed')
      .map(({ runId }) => of(runId, 'its designs failed')),
  ];
};

const trainingsAreClosed: Invariant = ({ trainings, generateRequests }) => [
  ...trainings.flatMap(({ runId, state, checkpoint, leaseUntil }) => {
    const isOpen = state === 'queued' || state === 'running';
    if (isOpen) return [of(runId, `its training is ${state}`)];
    return [
      ...(checkpoint === null ? [] : [of(runId, `its training is ${state} with a checkpoint`)]),
      ...(leaseUntil === null ? [] : [of(runId, `its training is ${state} with a lease`)]),
    ];
  }),
  ...generateRequests
    .filter(({ state }) => state === 'queued')
    .map(({ runId }) => of(runId, 'its designs are queued')),
];

const oneCurrentBatch: Invariant = ({ trendBatches, runs }) => {
  const scopeOf = ({ season, brand }: (typeof trendBatches)[number]) =>
    `${season} of ${brand === '' ? 'all brands' : brand}`;
  const scopes = new Set(trendBatches.map(scopeOf));
  const wrong = [...scopes].flatMap((scope) => {
    const batches = trendBatches.filter((batch) => scopeOf(batch) === scope);
    const current = batches.filter(({ isCurrent }) => isCurrent);
    const revisions = batches.map(({ revision }) => String(revision));
    const newest = Math.max(...batches.map(({ revision }) => revision));
    return [
      ...(current.length === 1 ? [] : [of(null, `${scope}: ${current.length} current batches`)]),
      ...named(`revisions of ${scope} stand twice`, repeated(revisions)),
      ...(newest === batches.length
        ? []
        : [of(null, `${scope}: ${batches.length} revisions up to ${newest}`)]),
      ...(current.length === 1 && current[0]?.revision !== newest
        ? [of(null, `${scope}: revision ${current[0]?.revision} is current, ${newest} the newest`)]
        : []),
    ];
  });
  const published = new Set(
    trendBatches.filter(({ isFinal, brand }) => isFinal && brand === '').map(({ runId }) => runId),
  );
  const done = runs.filter(({ publishing }) => publishing === 'DONE').map(({ id }) => id);
  const silent = lacking(done, published);
  return [...wrong, ...silent.map((run) => of(run, 'it is done without a final trend batch'))];
};

const noOrphans: Invariant = (snapshot) => {
  const idsOf = (rows: readonly { readonly id: string }[]) => new Set(rows.map(({ id }) => id));
  const runs = idsOf(snapshot.runs);
  const garments = idsOf(snapshot.garments);
  const inCollections = new Set(snapshot.collectionDesigns.map(({ designId }) => designId));
  const ofRuns = {
    members: snapshot.members,
    settled: snapshot.settled,
    trainings: snapshot.trainings,
    collections: snapshot.collections,
    trendBatches: snapshot.trendBatches,
  };
  const memberIds = new Set(snapshot.members.map(({ runId, photoId }) => `${runId}/${photoId}`));
  const short = snapshot.collections.filter(
    ({ id, designCount }) =>
      snapshot.collectionDesigns.filter(({ collectionId }) => collectionId === id).length !==
      designCount,
  );
  return [
    ...Object.entries(ofRuns).flatMap(([what, rows]) =>
      named(
        `runs of ${what} are not there`,
        lacking(
          rows.map(({ runId }) => runId),
          runs,
        ),
      ),
    ),
    ...named(
      'photographs of garments are not there',
      lacking(
        snapshot.garments.map(({ photoId }) => photoId),
        idsOf(snapshot.photos),
      ),
    ),
    ...named(
      'settled photographs are no members',
      lacking(
        snapshot.settled.map(({ runId, photoId }) => `${runId}/${photoId}`),
        memberIds,
      ),
    ),
    ...named(
      'garments of seasons are not there',
      lacking(
        snapshot.seasonGarments.map(({ garmentId }) => garmentId),
        garments,
      ),
    ),
    ...named(
      'designs stand in no collection',
      lacking([...idsOf(snapshot.designs)], inCollections),
    ),
    ...named('designs are not there', lacking([...inCollections], idsOf(snapshot.designs))),
    ...named(
      'models of collections are not there',
      lacking(
        snapshot.collections.map(({ modelId }) => modelId),
        idsOf(snapshot.models),
      ),
    ),
    ...short.map(({ id, runId }) => of(runId, `the collection ${id} lacks designs`)),
  ];
};

const objectsMatchRecords: Invariant = (snapshot) => {
  const recorded = [
    ...snapshot.photos.map(({ objectKey }) => objectKey),
    ...snapshot.garments.map(({ imageKey }) => imageKey),
    ...[...snapshot.models, ...snapshot.detectorModels].flatMap(({ objectKeys }) => objectKeys),
    ...snapshot.samples.map(({ imageKey }) => imageKey),
    ...snapshot.designs.map(({ imageKey }) => imageKey),
  ];
  return [
    ...named('objects are not there', lacking(recorded, new Set(snapshot.objectKeys))),
    ...named('objects have no record', lacking(snapshot.objectKeys, new Set(recorded))),
  ];
};

const noMessageIsLost: Invariant = ({ deadLetters, outboxes, queuedJobs, durables }) => [
  ...deadLetters.map(({ id, reason }) => of(null, `dead letter ${id}: ${reason}`)),
  ...outboxes
    .filter(({ messages }) => messages > 0)
    .map(({ service, messages }) => of(null, `${messages} messages in the outbox of ${service}`)),
  ...(queuedJobs === 0 ? [] : [of(null, `${queuedJobs} jobs are queued`)]),
  ...durables
    .filter(({ lag }) => lag > 0)
    .map(({ name, lag }) => of(null, `${lag} messages wait for ${name}`)),
];

const everythingIsAnnounced: Invariant = (snapshot) => {
  const { runs, members, runGarments, collections, trendBatches } = snapshot;
  const announced = new Set(snapshot.eventIds);
  const done = runs.filter(({ publishing }) => publishing === 'DONE');
  const wanted = [
    ...members.map(({ runId, photoId }) => `photo.stored:${runId}:${photoId}`),
    ...runGarments.map(({ runId, garmentId }) => `garment.cropped:${runId}:${garmentId}`),
    ...done.flatMap((run) =>
      ['scrape.completed', 'garments.ready', 'gan.ready'].map((type) =>
        // Of a retry that came before the end of a stage, the stage says the retry alone.
        idInRetry(`${type}:${run.id}`, run),
      ),
    ),
    ...collections.map(({ id }) => `collection.created:${id}`),
    ...trendBatches.map(({ id }) => `trend-batch.published:${id}`),
  ];
  return named('events were never published', lacking(wanted, announced));
};

export const INVARIANTS = {
  'every run is done': everyRunIsDone,
  'a run gives what it gives undisturbed': sameAsUndisturbed,
  'counts are true': countsAreTrue,
  'nothing fails for a fault around it': nothingFailed,
  'what has ended is closed': trainingsAreClosed,
  'one current batch, no revision twice': oneCurrentBatch,
  'no orphans': noOrphans,
  'objects and records match': objectsMatchRecords,
  'no message is lost': noMessageIsLost,
  'everything is announced': everythingIsAnnounced,
} as const satisfies Readonly<Record<string, Invariant>>;

export function violationsOf(
  snapshot: Snapshot,
  expected: readonly Expected[],
): readonly Violation[] {
  return Object.entries(INVARIANTS).flatMap(([invariant, check]) =>
    check(snapshot, expected).map((found) => ({ invariant, ...found })),
  );
}
