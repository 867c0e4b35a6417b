interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** Memory that work shares: each piece says how much it takes, and waits until there is room, in the order of asking. */
export class MemoryBudget {
  readonly limitBytes: number;
  #usedBytes = 0;
  #waiting: Waiting[] = [];

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** How many pieces wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Work must not ask for more from inside: two pieces that wait for each other would wait for ever. */
  async hold<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || this.#usedBytes + bytes > this.limitBytes) {
      await new Promise<void>((start) => {
        this.#waiting.push({ bytes, start });
      });
    } else this.#usedBytes += bytes;
    try {
      return await work();
    } finally {
      this.#usedBytes -= bytes;
      this.#startWaiting();
    }
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
