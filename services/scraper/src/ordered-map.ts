import { pMapIterable } from 'p-map';

/**
 * Works on up to `concurrency` items at once and yields the results in the order of the items, each as soon as it and
 * those before it are there. It ends only after the source is closed and the work under way is done, also where it is
 * left early.
 */
export async function* orderedMap<T, R>(
  items: AsyncGenerator<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
) {
  const underWay = new Set<Promise<R>>();
  const tracked = (item: T): Promise<R> => {
    const result = work(item);
    const done = () => underWay.delete(result);
    underWay.add(result);
    result.then(done, done);
    return result;
  };
  try {
    yield* pMapIterable(items, tracked, { concurrency });
  } finally {
    await items.return(undefined);
    await Promise.allSettled(underWay);
  }
}
