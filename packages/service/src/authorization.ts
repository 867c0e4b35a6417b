import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the token; in constant time. No token configured: never. */
export function isAuthorized(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined || header === undefined || !header.startsWith('Bearer ')) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header.slice('Bearer '.length)), digest(token));
}
