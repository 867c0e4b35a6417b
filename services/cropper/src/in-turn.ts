import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * A function of some milliseconds, called from many places at once, as one call per turn of the event loop: between
 * two of them timers, sockets and probes have their say.
 */
export function inTurn<Argument, Result>(
  work: (argument: Argument) => Result | Promise<Result>,
): (argument: Argument) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const result = last.then(async () => {
      await nextTurn();
      return work(argument);
    });
    last = result.catch(() => undefined);
    return result;
  };
}
