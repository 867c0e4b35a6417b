import { InvalidSeasonError } from './errors.ts';

/**
 * Kinds of season in the order in which they reach the shops within their year, each with the line it belongs to:
 * resort (November before), spring/summer (January), pre-fall (May), fall/winter (August); couture, which is made to
 * order, stands last. Only seasons of one line are compared: a main collection with a main one, a pre-collection with a
 * pre-collection.
 */
const KINDS = [
  { name: 'RESORT', line: 'pre' },
  { name: 'SS', line: 'main' },
  { name: 'PREFALL', line: 'pre' },
  { name: 'FW', line: 'main' },
  { name: 'COUTURE', line: 'couture' },
] as const;

export type SeasonLine = (typeof KINDS)[number]['line'];

export interface SeasonPlace {
  readonly line: SeasonLine;
  /** Rises with time over all seasons. */
  readonly rank: number;
}

/** Where a season such as `FW2019` stands in time. @throws InvalidSeasonError */
export function placeOf(season: string): SeasonPlace {
  const match = /^([A-Z]+)(\d{4})$/.exec(season);
  const index = KINDS.findIndex(({ name }) => name === match?.[1]);
  const kind = KINDS[index];
  if (match === null || kind === undefined) throw new InvalidSeasonError(season);
  return { line: kind.line, rank: Number(match[2]) * KINDS.length + index };
}

/** The latest of `seasons` that is of the same line and earlier than `season`; null where there is none. */
export function seasonBefore(season: string, seasons: readonly string[]): string | null {
  const earlier = sameLine(season, seasons).filter(({ rank }) => rank < placeOf(season).rank);
  return earlier.at(-1)?.season ?? null;
}

/** The earliest of `seasons` that is of the same line and later than `season`; null where there is none. */
export function seasonAfter(season: string, seasons: readonly string[]): string | null {
  const later = sameLine(season, seasons).filter(({ rank }) => rank > placeOf(season).rank);
  return later[0]?.season ?? null;
}

/** Those of the same line, in the order of time. */
function sameLine(season: string, seasons: readonly string[]) {
  const { line } = placeOf(season);
  return seasons
    .map((other) => ({ season: other, ...placeOf(other) }))
    .filter((other) => other.line === line)
    .sort((a, b) => a.rank - b.rank);
}
