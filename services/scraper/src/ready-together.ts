import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Groups of 1 to `max` items in their order: what is there already goes together, and nothing waits for more. An error of
 * the source comes after what came before it.
 */
export async function* readyTogether<T>(
  items: AsyncGenerator<T>,
  max: number,
): AsyncGenerator<readonly T[]> {
  const pull = () => {
    const next = items.next();
    // Told where it is awaited, which may be later.
    next.catch(() => {});
    return next;
  };
  try {
    let coming = pull();
    for (let first = await coming; first.done !== true; first = await coming) {
      const group = [first.value];
      coming = pull();
      while (group.length < max) {
        const next = await Promise.race([coming.catch(() => null), nextTurn(null)]);
        if (next === null || next.done === true) break;
        group.push(next.value);
        coming = pull();
      }
      yield group;
    }
  } finally {
    await items.return(undefined);
  }
}
