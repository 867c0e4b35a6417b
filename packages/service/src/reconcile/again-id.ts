/** Longer than the window in which the bus drops a second message of an id. */
const EVERY_MS = 5 * 60_000;

/**
 * A new id for a message that is sent again. Replicas that send it again at about the same time choose the same one, so that
 * the bus drops all but one.
 */
export function againId(id: string, now: Date): string {
  return `${id}~again-${Math.floor(now.getTime() / EVERY_MS)}`;
}

/**
 * An event under such an id.
 *
 * @param revision the change of the run for which it is sent again, once; 0: it was lost
 */
export function sentAgain<Event extends { readonly id: string }>(
  event: Event,
  now: Date,
  revision = 0,
): Event {
  const id = revision === 0 ? againId(event.id, now) : `${event.id}~change-${revision}`;
  return { ...event, id };
}
