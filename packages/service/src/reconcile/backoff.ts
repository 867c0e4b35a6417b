const FIRST_MS = 5 * 60_000;
const MAX_MS = 60 * 60_000;

/** When what was asked for in vain may be asked for again: after 5, 10, 20, 40 minutes and then every hour. */
export class Backoff {
  readonly #next = new Map<string, { readonly at: number; readonly pauseMs: number }>();

  isDue(key: string, now: Date): boolean {
    return now.getTime() >= (this.#next.get(key)?.at ?? 0);
  }

  asked(key: string, now: Date): void {
    const pauseMs = Math.min(MAX_MS, 2 * (this.#next.get(key)?.pauseMs ?? FIRST_MS / 2));
    this.#next.set(key, { at: now.getTime() + pauseMs, pauseMs });
  }

  /** Forgets all others. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#next.keys()) if (!keys.has(key)) this.#next.delete(key);
  }
}
