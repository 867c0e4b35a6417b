import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the token; in constant time. No token configured: never. */
export function isAuthorized(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined || header === undefined || !header.startsWith('Bearer ')) return false;
  return isOneOf(header.slice('Bearer '.length), [token]);
}

/** Whether a text is one of these secrets; each comparison in constant time, and always all of them. */
export function isOneOf(given: string, secrets: readonly string[]): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const known = digest(given);
  return secrets.filter((secret) => timingSafeEqual(known, digest(secret))).length > 0;
}
