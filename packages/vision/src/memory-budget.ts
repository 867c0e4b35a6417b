interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** What one piece of work holds of a budget. */
export interface MemoryLease {
  /**
   * Waits for so many bytes, in place of those held: who waits holds none, so that no two wait for each other.
   *
   * @throws the signal's reason
   */
  take(bytes: number, signal?: AbortSignal): Promise<void>;
  /** Gives back what is held beyond so many bytes. */
  keep(bytes: number): void;
}

/** Memory that work shares: each piece says how much it takes, and waits until there is room, in the order of asking. */
export class MemoryBudget {
  readonly limitBytes: number;
  #usedBytes = 0;
  readonly #waiting: Waiting[] = [];

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** How many pieces wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Work must not ask for more from inside: two pieces that wait for each other would wait for ever. */
  async hold<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const lease = this.lease();
    await lease.take(bytes);
    try {
      return await work();
    } finally {
      lease.keep(0);
    }
  }

  /** For work that learns only on the way how much it takes. It ends with `keep(0)`. */
  lease(): MemoryLease {
    let heldBytes = 0;
    const keep = (bytes: number): void => {
      if (bytes >= heldBytes) return;
      this.#usedBytes -= heldBytes - bytes;
      heldBytes = bytes;
      this.#startWaiting();
    };
    const take = async (bytes: number, signal?: AbortSignal): Promise<void> => {
      keep(0);
      await this.#room(bytes, signal);
      heldBytes = bytes;
    };
    return { take, keep };
  }

  async #room(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.length === 0 && this.#usedBytes + bytes <= this.limitBytes) {
      this.#usedBytes += bytes;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
        this.#startWaiting();
      };
      const start = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { bytes, start };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  #startWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      // The first in line is not overtaken: a large piece would never find room.
      if (this.#usedBytes + next.bytes > this.limitBytes) return;
      this.#waiting.shift();
      this.#usedBytes += next.bytes;
      next.start();
    }
  }
}
