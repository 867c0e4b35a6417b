import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { BusSettingsError } from '../../errors.ts';
import type { StreamName } from '../bus.ts';
import { DUPLICATE_WINDOW_MS, STREAM_SUBJECTS } from '../message.ts';
import { DEFAULT_MAX_BYTES, type Retention } from '../retention.ts';
import { API_CODES, apiCode } from './failures.ts';
import { claimStreams, STATE } from './installation.ts';

/** Holds what could not be handled: our own records, and the server's advisories. */
export const DEAD_LETTERS = 'DEAD_LETTERS';

/** How often the work with each message failed. */
export const FAILURES = 'FAILURES';

const DAY_MS = 24 * 3_600_000;
const DEAD_LETTERS_KEPT_MS = 90 * DAY_MS;
/** Longer than any pause between two failures of a message that is still tried. */
const FAILURES_KEPT_MS = 7 * DAY_MS;

export function failureSubject(stream: StreamName, durable: string, message: string): string {
  return `deepstyle-failures.${stream}.${durable}.${message}`;
}

export function deadLetterSubject(stream: StreamName | '*', durable: string): string {
  return `deepstyle-dead-letters.${stream}.${durable}`;
}

/** What the server says when a message was delivered as often as allowed; lost where no stream captures it. */
function spentSubject(stream: StreamName): string {
  return `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.*`;
}

export interface StreamOptions {
  /** Copies of each message in a NATS cluster, 1 to 5. Default 1. */
  readonly replicas?: number;
  /** Whose streams they are; not given: that is not asked. */
  readonly installation?: string;
  readonly retention?: Retention;
}

type WantedStream = Partial<StreamConfig> & { readonly name: string };

function wantedStreams(options: StreamOptions): WantedStream[] {
  const { replicas = 1, retention } = options;
  const shared = {
    storage: StorageType.File,
    num_replicas: replicas,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  };
  return [
    {
      ...shared,
      name: 'EVENTS',
      subjects: [STREAM_SUBJECTS.EVENTS],
      retention: RetentionPolicy.Limits,
      // The server would drop what nobody has read yet: what is handled goes by events-keeper.ts.
      max_age: 0,
      discard: DiscardPolicy.New,
      max_bytes: retention?.maxBytes ?? DEFAULT_MAX_BYTES,
    },
    {
      ...shared,
      name: 'JOBS',
      subjects: [STREAM_SUBJECTS.JOBS],
      retention: RetentionPolicy.Workqueue,
    },
    {
      ...shared,
      name: DEAD_LETTERS,
      subjects: [deadLetterSubject('*', '*'), spentSubject('EVENTS'), spentSubject('JOBS')],
      retention: RetentionPolicy.Limits,
      max_age: nanos(DEAD_LETTERS_KEPT_MS),
    },
    {
      ...shared,
      name: FAILURES,
      subjects: ['deepstyle-failures.>'],
      retention: RetentionPolicy.Limits,
      max_msgs_per_subject: 1,
      max_age: nanos(FAILURES_KEPT_MS),
      allow_direct: true,
    },
    {
      ...shared,
      name: STATE,
      subjects: ['deepstyle-state.*'],
      retention: RetentionPolicy.Limits,
      max_msgs_per_subject: 1,
    },
  ];
}

/**
 * Creates the streams where they are missing, gives existing ones their subjects, and takes them for the installation.
 *
 * @throws BusSettingsError, OtherInstallationError
 */
export async function ensureStreams(
  manager: JetStreamManager,
  servers: string,
  options: StreamOptions,
): Promise<void> {
  for (const wanted of wantedStreams(options)) {
    try {
      await ensureStream(manager, wanted, options);
    } catch (error) {
      if (!(error instanceof JetStreamApiError)) throw error;
      throw new BusSettingsError(
        `The stream ${wanted.name} at ${servers} cannot be had as it should be: ${error.message}.`,
        error,
      );
    }
  }
  if (options.installation !== undefined) {
    await claimStreams(manager, servers, options.installation);
  }
}

async function ensureStream(
  manager: JetStreamManager,
  wanted: WantedStream,
  options: StreamOptions,
): Promise<void> {
  const found = await manager.streams.info(wanted.name).catch((error: unknown) => {
    if (apiCode(error) === API_CODES.streamNotFound) return null;
    throw error;
  });
  if (found === null) {
    await manager.streams.add(wanted);
    return;
  }
  if (found.config.retention !== wanted.retention) {
    throw new BusSettingsError(
      `There is a stream ${wanted.name} with the retention "${found.config.retention}" rather than "${wanted.retention}". ` +
        'It cannot be changed: delete or rename that stream.',
    );
  }
  // A size that an operator has set by hand stays, unless the settings say otherwise.
  const change = {
    subjects: wanted.subjects ?? [],
    ...(options.replicas === undefined ? {} : { num_replicas: options.replicas }),
    ...(wanted.name === 'EVENTS' ? keepsUnread(options.retention?.maxBytes) : {}),
  };
  const isSame = Object.entries(change).every(
    ([name, value]) =>
      JSON.stringify(found.config[name as keyof typeof found.config]) === JSON.stringify(value),
  );
  if (!isSame) await manager.streams.update(wanted.name, change);
}

/** What EVENTS of an older version lacks: it dropped the oldest by age and size. */
function keepsUnread(maxBytes: number | undefined): Partial<StreamConfig> {
  return {
    max_age: 0,
    discard: DiscardPolicy.New,
    ...(maxBytes === undefined ? {} : { max_bytes: maxBytes }),
  };
}
