/**
 * Gathers what is asked one by one while a batch is under way and hands it over as the next batch: one transaction
 * for many small writes, and no delay where there is only one.
 */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
  /** Resolves when everything added until now is done or has failed. */
  idle(): Promise<void>;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly weight: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions<Item, Result> {
  /** One result per item, in order; a rejection fails the whole batch. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly maxItems: number;
  /** A batch ends before its weights sum to more; an item that is heavier goes alone. */
  readonly maxWeight: number;
  readonly weigh: (item: Item) => number;
}

export function createBatcher<Item, Result>(
  options: BatcherOptions<Item, Result>,
): Batcher<Item, Result> {
  const waiting: Entry<Item, Result>[] = [];
  let draining: Promise<void> | null = null;

  function takeBatch(): Entry<Item, Result>[] {
    let weight = 0;
    let count = 0;
    for (const entry of waiting) {
      weight += entry.weight;
      if (count > 0 && (count >= options.maxItems || weight > options.maxWeight)) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }

  async function drain(): Promise<void> {
    // What is added in this turn of the event loop belongs to the first batch.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = takeBatch();
      try {
        const results = await options.run(batch.map((entry) => entry.item));
        batch.forEach((entry, index) => {
          entry.resolve(results[index] as Result);
        });
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    draining = null;
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, weight: options.weigh(item), resolve, reject });
        draining ??= drain();
      });
    },
    async idle() {
      while (draining !== null) await draining;
    },
  };
}
