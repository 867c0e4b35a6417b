/**
 * Works on up to `window` items at once and yields the results in the order of the items, each as soon as it and those
 * before it are there. Ending early waits for the work under way.
 */
export async function* orderedMap<T, R>(
  items: AsyncIterable<T>,
  window: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const iterator = items[Symbol.asyncIterator]();
  const pending: Promise<R>[] = [];
  let next: Promise<IteratorResult<T>> | null = pull();
  try {
    for (;;) {
      const [head] = pending;
      if (head === undefined && next === null) return;
      const arrived = await firstOf(pending.length < window ? next : null, head);
      if (arrived === null) {
        yield await (pending.shift() as Promise<R>);
      } else {
        next = null;
        if (arrived.done === true) continue;
        pending.push(quiet(work(arrived.value)));
        next = pull();
      }
    }
  } finally {
    await iterator.return?.();
    await Promise.allSettled(pending);
  }

  function pull(): Promise<IteratorResult<T>> {
    return quiet(iterator.next());
  }
}

/** The next item if it comes first, null if the head's work ends first. */
async function firstOf<T, R>(
  next: Promise<IteratorResult<T>> | null,
  head: Promise<R> | undefined,
): Promise<IteratorResult<T> | null> {
  const ended = head?.then(
    () => null,
    () => null,
  );
  if (next === null) return (await ended) ?? null;
  return ended === undefined ? next : Promise.race([next, ended]);
}

/** The same promise; that it fails is told where it is awaited, not as an unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
