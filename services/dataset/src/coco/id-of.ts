import type { Say } from './coco-images.ts';
import { idKey, shownValue } from './values.ts';

/** What an id is compared by; told where it is a number that is written as text. */
export function idOf(value: unknown, field: string, say: Say): number | string | null {
  const key = idKey(value);
  if (typeof value === 'string' && typeof key === 'number') {
    say('NUMBER_AS_TEXT', `${field} is ${shownValue(value)}.`);
  }
  return key;
}
