import { SEASON } from '@deepstyle/contracts/request-rules';

/** The season that a text names, or null where it names none. */
export function seasonOf(text: string | null | undefined): string | null {
  const season = text?.trim().toUpperCase() ?? '';
  return SEASON.test(season) ? season : null;
}

/** True where a source says of a photograph that it is of another season than the run. */
export function isOfOtherSeason(said: string | null | undefined, runSeason: string): boolean {
  const season = seasonOf(said);
  return season !== null && season !== runSeason;
}
