import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, retryAfterMs } from '../../src/http/retry.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('retryAfterMs', () => {
  test('seconds', () => {
    expect(retryAfterMs('120', NOW)).toBe(120_000);
    expect(retryAfterMs('0', NOW)).toBe(0);
  });

  test('a date, also one in the past', () => {
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', NOW)).toBe(5_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', NOW)).toBe(0);
  });

  test.each([undefined, '', 'soon', '-1', '1.5'])('%p cannot be read', (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  });
});

test('the backoff doubles, keeps within its bounds and never leaves them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 60_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, base, random) => {
        const ceiling = Math.min(30_000, base * 2 ** (attempt - 1));
        const wait = backoffMs(attempt, base, random);
        expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
        expect(wait).toBeLessThanOrEqual(ceiling);
      },
    ),
  );
});
