import { setTimeout as sleep } from 'node:timers/promises';

/** A way from a publisher to a handler in this process. */
export interface Route {
  /** Resolves when the server has stored the message. */
  readonly publish: (id: string) => Promise<void>;
  /** Is told the id of each message, when its handler begins. */
  onHandled: (id: string) => void;
  readonly close: () => Promise<void>;
}

export interface Pattern {
  readonly name: string;
  readonly messages: number;
  /** Null: each when the one before was handled. */
  readonly perSecond: number | null;
}

/** Of an event like `photo.stored`. */
export const BODY = new TextEncoder().encode(JSON.stringify({ text: 'x'.repeat(600) }));
export const HEADERS = {
  'ce-specversion': '1.0',
  'ce-type': 'deepstyle.photo.stored.v1',
  'ce-source': '/deepstyle/scraper',
  'ce-time': '2026-01-01T00:00:00.000Z',
  'content-type': 'application/json',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
} as const;

let next = 0;

/** Milliseconds from the call of `publish` to the handler, for each message. */
export async function measureLatencies(route: Route, pattern: Pattern): Promise<number[]> {
  const { messages, perSecond } = pattern;
  const startedAt = new Map<string, number>();
  const latencies: number[] = [];
  let wake = (): void => {};
  route.onHandled = (id) => {
    const begun = startedAt.get(id);
    if (begun === undefined) return;
    startedAt.delete(id);
    latencies.push(performance.now() - begun);
    wake();
  };
  const publish = (): Promise<void> => {
    next += 1;
    const id = `message-${next}`;
    startedAt.set(id, performance.now());
    return route.publish(id);
  };
  const handled = (count: number) =>
    new Promise<void>((resolve) => {
      wake = () => {
        if (latencies.length >= count) resolve();
      };
      wake();
    });
  const begin = performance.now();
  const published: Promise<void>[] = [];
  for (let sent = 0; sent < messages; sent += 1) {
    if (perSecond === null) {
      await Promise.all([publish(), handled(sent + 1)]);
      continue;
    }
    const wait = begin + (1000 * sent) / perSecond - performance.now();
    if (wait > 1) await sleep(wait);
    published.push(publish());
  }
  await Promise.all(published);
  await handled(messages);
  return latencies;
}

/** `<name> p50` and `<name> p99`. */
export function quantiles(name: string, values: readonly number[]): Record<string, number> {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { [`${name} p50`]: at(0.5), [`${name} p99`]: at(0.99) };
}
