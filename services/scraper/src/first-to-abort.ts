import { setMaxListeners } from 'node:events';

/**
 * Aborts with the first of these. So many may wait for it at once: Node.js warns of a leak from the eleventh on where it is
 * told nothing.
 */
export function firstToAbort(signals: readonly AbortSignal[], maxWaiting: number): AbortSignal {
  const first = AbortSignal.any([...signals]);
  setMaxListeners(maxWaiting, first);
  return first;
}
