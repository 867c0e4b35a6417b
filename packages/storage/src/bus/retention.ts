/**
 * How much of EVENTS is kept. Only what every durable has handled is ever forgotten, whatever its age and the size: a
 * durable that nobody reads keeps all that comes after it.
 */
export interface Retention {
  /**
   * On JetStream the size of the stream, beyond which nothing is taken; half of it is history at most. Embedded it is the size of the
   * history, and the disk is the limit. Default: 1 GiB, and what a stream that exists has.
   */
  readonly maxBytes?: number | undefined;
  /** What every durable has handled is kept for so long at most. Default: 14 days. */
  readonly maxAgeMs?: number | undefined;
  /** How often to look. Default: 15 s on JetStream, a minute embedded. */
  readonly everyMs?: number | undefined;
}

export const DEFAULT_MAX_BYTES = 2 ** 30;
export const DEFAULT_MAX_AGE_MS = 14 * 24 * 3_600_000;

/** How full EVENTS is, and how far each durable has come with it. */
export interface EventsUsage {
  readonly bytes: number;
  /** Beyond this nothing is taken; null where the disk is the only limit. */
  readonly maxBytes: number | null;
  /** The one that holds the most comes first. */
  readonly durables: readonly {
    readonly name: string;
    /** Events that are kept for it: from the oldest that it has not handled. */
    readonly holds: number;
  }[];
}
