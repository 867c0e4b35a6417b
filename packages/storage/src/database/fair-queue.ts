/** Grants one holder at a time, in the order of asking. */
export interface FairQueue {
  /** Resolves to the function that lets the next one in. */
  acquire(): Promise<() => void>;
}

export function createFairQueue(): FairQueue {
  let last: Promise<void> = Promise.resolve();
  return {
    async acquire() {
      const before = last;
      let release: () => void = () => undefined;
      last = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      return release;
    },
  };
}
