import type { ServiceName } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';

/** A kind of job, and what the records say its jobs are for. */
export interface ReconciledJobs {
  readonly kind: string;
  /** The field of its payload that says what a job is for. */
  readonly field: string;
  /** What waits for a job or is at work with one, and has not moved since. */
  readonly underWay: (tx: Transaction, since: Date) => Promise<readonly string[]>;
  /** The payload of one more job for it. */
  readonly payloadOf: (key: string, jobId: string) => object;
}

/** A run as another service has announced it. */
export interface AnnouncedRun {
  readonly runId: string;
  /** When it was announced, as far as it is. */
  readonly updatedAt?: Date | undefined;
}

/** What another service says of runs by events, and by gRPC to who asks. */
export interface ReconciledEvents<Run extends AnnouncedRun = AnnouncedRun> {
  readonly producer: ServiceName;
  /** Names of the service's consumers that take these events. */
  readonly consumers: readonly string[];
  /** The runs of the producer that have changed since. */
  announced(since: Date): AsyncIterable<Run>;
  /** Those of them of which the records lack what was announced; their ids. */
  lacking(tx: Transaction, runs: readonly Run[]): Promise<readonly string[]>;
  /** Asks the producer to publish its events of a run again. */
  announceAgain(runId: string): Promise<unknown>;
}

/** Objects that a service stores, each before the record that names it. */
export interface SweptObjects {
  /** Of all their keys; ends in a slash. */
  readonly prefix: string;
  /** What their keys look like. Other objects under the prefix are left alone. */
  readonly pattern: RegExp;
  /** Those of the keys that the records name. What begins to name one calls `keepObjects` in its transaction. */
  readonly named: (tx: Transaction, keys: readonly string[]) => Promise<readonly string[]>;
}

/** Objects in a folder by the hash of their content, as `contentKey` names them. */
export function contentObjects(folder: string, named: SweptObjects['named']): SweptObjects {
  const pattern = new RegExp(`^${folder}/[0-9a-f]{2}/[0-9a-f]{64}$`);
  return { prefix: `${folder}/`, pattern, named };
}

/**
 * What the records of a service say is under way, and which objects they name. The framework compares it with the bus, the
 * other services and the object store, at the start and every minute, and puts right what has fallen through.
 */
export interface Reconciler {
  readonly jobs: readonly ReconciledJobs[];
  readonly events: readonly ReconciledEvents[];
  readonly objects: readonly SweptObjects[];
  /** How many stages that stand at RUNNING have not moved since. */
  readonly stalled: (tx: Transaction, since: Date) => Promise<number>;
  /** How many stages have ended at FAILED since. */
  readonly failed: (tx: Transaction, since: Date) => Promise<number>;
  /** How many stages stand at HELD until a person decides; left out where none ever does. */
  readonly held?: (tx: Transaction) => Promise<number>;
}
