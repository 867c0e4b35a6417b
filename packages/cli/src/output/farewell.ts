import { ourCommand } from './our-command.ts';

/** The instance that a command works with when it is interrupted; null before there is one. */
type Held = { readonly url: string; readonly isOwn: boolean } | null;

/** What a person is told who interrupts a command. */
export type Farewell = (held: Held) => string;

/** Of work that the same command goes on with. */
export const workFarewell: Farewell = (held) =>
  held === null || held.isOwn
    ? 'Stopping; the same command goes on from here.'
    : `Interrupted; the work goes on in the instance ${held.url}, and the same command follows it again.`;

/** Of the same work that is a run. @param run its id, once it is begun */
export function runFarewell(held: Held, run: string | null, data: string | undefined): string {
  if (run === null) return workFarewell(null);
  return `${workFarewell(held)}\nTo stop run ${run} for good: ${ourCommand(`run cancel ${run}`, data)}`;
}

const MADE = {
  publish: 'published',
  cancel: 'canceled',
  resume: 'resumed',
  retry: 'retried',
} as const;

/** Of the change of a run. @param isMade whether it was made */
export function changeFarewell(
  change: keyof typeof MADE,
  isMade: boolean,
  held: Held,
  data: string | undefined,
): string {
  if (!isMade) return `Interrupted; the run may not have been ${MADE[change]}.`;
  return held === null || held.isOwn
    ? `Interrupted; the run goes on with the next instance: ${ourCommand('up', data)}`
    : `Interrupted; the run goes on in the instance ${held.url}.`;
}
