/** Rules of what people ask for. The command line judges by them before anything starts, the services when they are asked. */

/** Spring/summer, fall/winter, pre-collections and couture of a year, in capitals. */
export const SEASON = /^(SS|FW|RESORT|PREFALL|COUTURE)\d{4}$/;
export const SEASON_RULE = 'must be SS, FW, RESORT, PREFALL or COUTURE and a year, e.g. FW2019';

/** Steps of one training. */
export const MAX_TRAINING_STEPS = 10_000_000;

/** Id of a dataset or a detector model: a SHA-256 in lower-case hex digits. */
export const CONTENT_ID = /^[0-9a-f]{64}$/;

/** Detectors that a run may name instead of a model: each photograph shows one garment; by the joints of people. */
export const NO_DETECTOR = 'none';
export const POSE_DETECTOR = 'pose';

/** Longest text of a request, in UTF-16 units: a path or an address. */
export const MAX_TEXT_LENGTH = 4_000;

// Controls, NUL among them; halves of surrogate pairs; what turns the direction of the text that follows (Unicode UAX #9).
const NO_TEXT = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const NOT_PRINTABLE = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;
const MAX_NESTING = 32;

/** Why a value is no line of text that can be stored and shown; null where it is one. */
export function textProblem(text: string, maxLength = MAX_TEXT_LENGTH): string | null {
  if (text.length > maxLength) return `must have at most ${maxLength} characters`;
  const found = NO_TEXT.exec(text);
  return found === null ? null : `must not hold the character ${codePoint(found[0])}`;
}

/** The first text in a request that is none, by the path of its field. */
export function findTextProblem(
  request: unknown,
  path: readonly string[] = [],
): { readonly field: string; readonly problem: string } | null {
  const told = (problem: string | null) =>
    problem === null ? null : { field: path.join('.') || 'request', problem };
  if (typeof request === 'string') return told(textProblem(request));
  if (typeof request !== 'object' || request === null || ArrayBuffer.isView(request)) return null;
  if (path.length > MAX_NESTING) return told(`must not be nested more than ${MAX_NESTING} deep`);
  for (const [name, value] of Object.entries(request)) {
    const problem = findTextProblem(value, [...path, name]);
    if (problem !== null) return problem;
  }
  return null;
}

/** Text from outside as it may be written to a terminal or a log: what is no text stands there by its number. */
export function printable(text: string): string {
  return text.replaceAll(NOT_PRINTABLE, codeUnit);
}

function codePoint(character: string): string {
  return `U+${codeUnit(character).slice(2).toUpperCase()}`;
}

/** As JSON escapes it; all of these are one UTF-16 unit. */
function codeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
