import { AsyncLocalStorage } from 'node:async_hooks';

// A deadline must cross third-party code from the call that set it to the calls it causes, so it is ambient.
const current = new AsyncLocalStorage<Date>();

export function withDeadline<T>(deadline: Date, work: () => T): T {
  return current.run(deadline, work);
}

/** The sooner of the deadline that this call came with and `limitMs` from now. */
export function outgoingDeadline(limitMs: number, now: Date): Date {
  const own = new Date(now.getTime() + limitMs);
  const inherited = current.getStore();
  return inherited !== undefined && inherited < own ? inherited : own;
}
