/** A bounded queue from a producer that calls to a consumer that iterates. */
export interface Channel<T> extends AsyncIterable<T> {
  /** Resolves once there is room; at once after `close`, when nobody will read the item. */
  push(item: T): Promise<void>;
  /** No more comes; with an error, the iteration ends in it after what is still queued. */
  close(error?: Error): void;
}

export function createChannel<T>(capacity: number): Channel<T> {
  const items: T[] = [];
  const readers: (() => void)[] = [];
  const writers: (() => void)[] = [];
  let end: { readonly error: Error | undefined } | null = null;

  return {
    push: async (item) => {
      while (items.length >= capacity && end === null) {
        await new Promise<void>((resolve) => writers.push(resolve));
      }
      if (end !== null) return;
      items.push(item);
      readers.shift()?.();
    },
    close,
    [Symbol.asyncIterator]: iterate,
  };

  function close(error?: Error): void {
    end ??= { error };
    wakeAll();
  }

  function wakeAll(): void {
    for (const wake of [...readers.splice(0), ...writers.splice(0)]) wake();
  }

  async function* iterate(): AsyncGenerator<T> {
    try {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          writers.shift()?.();
          yield item;
        } else if (end === null) {
          await new Promise<void>((resolve) => readers.push(resolve));
        } else {
          if (end.error !== undefined) throw end.error;
          return;
        }
      }
    } finally {
      close();
    }
  }
}
