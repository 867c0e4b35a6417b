import { type AnyEvent, decodeEvent, type RunReference } from '@deepstyle/contracts';
import type { Bus } from '@deepstyle/storage';

/** What is announced of a run's photographs. */
export interface Announcements {
  /** Announcements of each photograph so far, by its id. */
  readonly detected: ReadonlyMap<string, number>;
  /** Resolves with the number that was waited for; rejects where a photograph failed. */
  readonly complete: Promise<void>;
  /** Resolves once the run is closed on the stream: nothing that was announced before is still to come. */
  readonly closed: Promise<void>;
}

/** Listens to what comes from now on, until `signal` aborts. */
export function listen(
  bus: Bus,
  run: RunReference,
  photos: number,
  signal: AbortSignal,
): Announcements {
  const detected = new Map<string, number>();
  const messages = bus.replay({
    subjects: [
      'deepstyle.photo.detected.v1',
      'deepstyle.photo.failed.v1',
      'deepstyle.scrape.completed.v1',
    ],
    fromSequence: 'new',
    signal,
  });
  let reachNumber = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reachNumber = resolve;
  });

  /** Whether the event closes the run. */
  function note(event: AnyEvent): boolean {
    if (event.type === 'deepstyle.photo.failed.v1') throw new Error(event.data.reason);
    if (event.type !== 'deepstyle.photo.detected.v1') return true;
    const { id } = event.data.photo;
    detected.set(id, (detected.get(id) ?? 0) + 1);
    if (detected.size === photos) reachNumber();
    return false;
  }
  async function read(): Promise<void> {
    for await (const message of messages) {
      const event = decodeEvent(message);
      if ('run' in event.data && event.data.run.id === run.id && note(event)) return;
    }
    throw new Error(`${detected.size} of ${photos} photographs were announced in time`);
  }
  const closed = read();
  closed.catch(() => undefined);
  return { detected, complete: Promise.race([reached, closed]), closed };
}
