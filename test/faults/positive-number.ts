import { InvalidArgumentError } from '@commander-js/extra-typings';

/** For an option of a campaign: what is no number would let it run without an end, or not at all. */
export function positiveNumber(typed: string): number {
  const value = Number(typed);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** @throws InvalidArgumentError */
export function positiveWholeNumber(typed: string): number {
  if (Number.isSafeInteger(positiveNumber(typed))) return Number(typed);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
