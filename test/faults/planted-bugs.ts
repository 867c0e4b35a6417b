import type { TriggeredFault } from './campaign.ts';
import type { Shape } from './disturbed-system.ts';

/** A bug that the campaign has to find: other text in the sources, for one build. */
export interface PlantedBug {
  readonly name: string;
  readonly shape: Shape;
  readonly edits: readonly Edit[];
  /** Edits that stay where the bug is left out: a mishap that what is sound puts right. */
  readonly mishap?: readonly Edit[];
  /** What brings it to light; some need nothing but a run. */
  readonly faults: readonly TriggeredFault[];
  /** Longer than what is sound stands still after these faults, ms. */
  readonly maxStillMs: number;
}

export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file once, exactly so. */
  readonly find: string;
  readonly replace: string;
}

const SETTLE = 'packages/service/src/events/settle.ts';
const RELAY = 'packages/storage/src/outbox-relay.ts';
const TRAINING_TABLE = 'packages/training/src/training-table.ts';
const COLLECTION = 'services/gallery/src/collection.ts';

const IN_CROPPING = { stage: 'cropping', done: 1 } as const;
const IN_TRAINING = { stage: 'training', done: 1 } as const;
const SOON_MS = 25_000;
/** Past the lease of a training, and the claim of a relay that has died. */
const AFTER_LEASE_MS = 50_000;

const kill = (target: string, durationMs: number): TriggeredFault => ({
  kind: 'kill',
  target,
  durationMs,
  atMs: 0,
});

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a message is acknowledged before its work is committed',
    shape: 'embedded',
    edits: [
      {
        file: SETTLE,
        find: "    await handle();\n    return { kind: 'ack' };",
        replace: "    void handle().catch(() => undefined);\n    return { kind: 'ack' };",
      },
    ],
    faults: [{ ...kill('deepstyle', 300), after: IN_CROPPING }],
    maxStillMs: SOON_MS,
  },
  {
    name: 'a process that stops takes the job along',
    shape: 'embedded',
    edits: [
      {
        file: SETTLE,
        find: "logger.info(fields, 'a message was given back');",
        replace: "return { kind: 'ack' };",
      },
    ],
    faults: [{ ...kill('deepstyle', 300), kind: 'stop', after: IN_TRAINING }],
    maxStillMs: SOON_MS,
  },
  {
    name: 'the lease of a killed worker never ends',
    shape: 'embedded',
    edits: [{ file: TRAINING_TABLE, find: "          of('leaseUntil', '<', now),\n", replace: '' }],
    faults: [{ ...kill('deepstyle', 300), after: IN_TRAINING }],
    maxStillMs: AFTER_LEASE_MS,
  },
  {
    name: 'nobody is told that the garments are ready',
    shape: 'embedded',
    edits: [
      {
        file: 'services/cropper/src/run-ledger.ts',
        find: '      await publishReadiness(tx, ports.outbox, before, progress);\n',
        replace: '      void [before, progress];\n',
      },
    ],
    faults: [],
    maxStillMs: SOON_MS,
  },
  {
    name: 'a run is closed in the middle of its photographs',
    shape: 'embedded',
    edits: [
      {
        file: 'services/cropper/src/run-progress.ts',
        find: 'done + failed >= expected }',
        replace: 'done + failed >= expected / 2 }',
      },
    ],
    faults: [],
    maxStillMs: SOON_MS,
  },
  {
    name: 'objects are swept that a collection names',
    shape: 'embedded',
    edits: [
      {
        file: COLLECTION,
        find: '[...imageKeys].filter((key) => !used.has(key))',
        replace: '[...imageKeys].filter(() => used.size > 0)',
      },
      { file: COLLECTION, find: 'unused.filter(({ isUsed }) => !isUsed)', replace: 'unused' },
    ],
    faults: [],
    maxStillMs: SOON_MS,
  },
  {
    name: 'the checkpoints of a training stay for ever',
    shape: 'embedded',
    edits: [
      {
        file: 'packages/training/src/training-session.ts',
        find: '    await sweepCheckpoints(this.#folder, this.#ports);\n',
        replace: '',
      },
    ],
    faults: [],
    maxStillMs: SOON_MS,
  },
  {
    name: 'an outage uses a message up',
    shape: 'cluster',
    edits: [
      {
        file: SETTLE,
        find: "    case 'wait':\n",
        replace:
          "    case 'wait':\n      if (attempt >= 3) return { kind: 'dead-letter', reason: describeError(error) };\n",
      },
    ],
    faults: [{ ...kill('s3', 12_000), after: IN_CROPPING }],
    maxStillMs: SOON_MS,
  },
  {
    name: "a store's outage counts as the photograph's fault",
    shape: 'cluster',
    edits: [
      {
        file: 'services/cropper/src/cropper.ts',
        find: '  if (isTransient(error)) throw error;\n',
        replace: '  if (attemptsOf(error) > ATTEMPTS) throw error;\n',
      },
      {
        file: 'services/cropper/src/cropper.ts',
        find: 'function imageOf(',
        replace:
          'const attemptsOf = (error: unknown) => (isTransient(error) ? 1 : 0);\n\nfunction imageOf(',
      },
    ],
    faults: [{ ...kill('s3', 12_000), after: IN_CROPPING }],
    maxStillMs: SOON_MS,
  },
  {
    name: 'a scrape is given up at its first failure',
    shape: 'cluster',
    edits: [
      {
        file: 'services/scraper/src/events.ts',
        find: '          if (!givesUpOn(thrown)) throw thrown;\n',
        replace: '          void givesUpOn;\n',
      },
    ],
    faults: [kill('s3', 15_000)],
    maxStillMs: SOON_MS,
  },
  {
    name: 'what could not be published leaves the outbox all the same',
    shape: 'cluster',
    edits: [
      {
        file: RELAY,
        find: "      positionsWhere('fulfilled'),\n",
        replace: '      rows.map(({ position }) => position),\n',
      },
    ],
    faults: [{ ...kill('nats', 12_000), after: IN_CROPPING }],
    maxStillMs: AFTER_LEASE_MS,
  },
  {
    name: 'the claim of a relay that has died never ends',
    shape: 'cluster',
    edits: [{ file: RELAY, find: ' OR claimed_until < clock_timestamp()', replace: '' }],
    faults: [
      { kind: 'silence', target: 'nats', atMs: 0, durationMs: 6_000, after: IN_CROPPING },
      { ...kill('cropper', 500), atMs: 2_000, after: IN_CROPPING },
    ],
    maxStillMs: AFTER_LEASE_MS,
  },
  {
    name: 'a worker whose lease is over goes on writing',
    shape: 'cluster',
    edits: [
      {
        file: TRAINING_TABLE,
        find: "      .where('attempt', '=', attempt)\n      .where('state', '=', 'running')\n",
        replace: '',
      },
    ],
    faults: [
      {
        kind: 'pause',
        target: 'worker-that-trains',
        durationMs: 50_000,
        atMs: 0,
        after: IN_TRAINING,
      },
    ],
    maxStillMs: SOON_MS,
  },
  {
    name: 'a training whose run is resumed has no job',
    shape: 'embedded',
    edits: [
      {
        file: 'services/gan-trainer/src/training/change-run.ts',
        find: 'else if (await trainings.resume(tx, run.id, clock())) {',
        replace: 'else if ((await trainings.resume(tx, run.id, clock())) && revision < 0) {',
      },
    ],
    faults: [
      { kind: 'cancel', target: 'a person', durationMs: 1_000, atMs: 0, after: IN_TRAINING },
    ],
    maxStillMs: SOON_MS,
  },
  {
    name: 'the comparison of the records with the bus does nothing',
    shape: 'embedded',
    mishap: [
      {
        file: 'services/scraper/src/start-run.ts',
        find: '    if (await insertRun(tx, run))\n      await outbox.enqueue(',
        replace:
          '    if ((await insertRun(tx, run)) && process.uptime() < 0)\n      await outbox.enqueue(',
      },
    ],
    edits: [
      {
        file: 'packages/service/src/reconcile/start-reconciling.ts',
        find: 'failures.push(...(await one.reconcile(stopping.signal)));',
        replace: 'void one;',
      },
    ],
    faults: [],
    // A job is missed in two rounds, a minute apart, before it is enqueued again.
    maxStillMs: 240_000,
  },
];
