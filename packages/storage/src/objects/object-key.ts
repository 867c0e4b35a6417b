import { InvalidObjectKeyError } from '../errors.ts';

const ALLOWED = /^[A-Za-z0-9._/-]*$/;
const KEY_LENGTH = 512;
const SEGMENT_LENGTH = 120;

/** @throws InvalidObjectKeyError */
export function checkObjectKey(key: string): void {
  if (key.length < 1 || key.length > KEY_LENGTH) {
    throw new InvalidObjectKeyError(
      key,
      `it has ${key.length} characters, not 1 to ${KEY_LENGTH}.`,
    );
  }
  if (!ALLOWED.test(key)) {
    throw new InvalidObjectKeyError(key, 'only A-Z, a-z, 0-9, ".", "_", "-" and "/" are allowed.');
  }
  for (const segment of key.split('/')) {
    if (segment === '') throw new InvalidObjectKeyError(key, 'it has an empty segment.');
    if (segment === '.' || segment === '..') {
      throw new InvalidObjectKeyError(key, `it has the segment "${segment}".`);
    }
    if (segment.length > SEGMENT_LENGTH) {
      throw new InvalidObjectKeyError(
        key,
        `a segment is longer than ${SEGMENT_LENGTH} characters.`,
      );
    }
  }
}

/** The key of an object that is named by its content: `folder/ab/abcd…`. The level between keeps folders small. */
export function contentKey(folder: string, sha256: string): string {
  return `${folder}/${sha256.slice(0, 2)}/${sha256}`;
}

const CONTENT_TYPE =
  /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(; ?[A-Za-z0-9-]+=[A-Za-z0-9._-]+)*$/;

/** A media type, RFC 9110 section 8.3.1. @throws InvalidObjectKeyError */
export function checkContentType(key: string, contentType: string): void {
  if (contentType.length <= 200 && CONTENT_TYPE.test(contentType)) return;
  throw new InvalidObjectKeyError(key, `${JSON.stringify(contentType)} is no content type for it.`);
}
