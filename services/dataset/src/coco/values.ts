/** Values of JSON rows as their tools meant them. */

export type JsonRow = Readonly<Record<string, unknown>>;

const WHOLE_NUMBER = /^(-?(?:0|[1-9]\d*))(?:\.0+)?$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

export function asRow(value: unknown): JsonRow | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRow)
    : null;
}

/** What an id is compared by: "7" and 7 are one. Null where nothing can be told apart by it. */
export function idKey(value: unknown): number | string | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const [, whole] = WHOLE_NUMBER.exec(value.trim()) ?? [];
  if (whole === undefined) return value.trim();
  // Beyond what a double holds, text tells more ids apart.
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

/** A number, also where it is written as text; null for all else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : null;
}

export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((part) => Number.isFinite(part));
}

/** A value for a message: not longer than a line. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
