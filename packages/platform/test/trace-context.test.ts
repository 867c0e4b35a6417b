import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  childOf,
  currentTrace,
  formatTraceparent,
  outgoingTraceparent,
  parseTraceparent,
  withTrace,
} from '../src/index.ts';

// The example of the W3C recommendation, section 3.2.
const EXAMPLE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('parseTraceparent', () => {
  test('reads the example of the recommendation', () => {
    expect(parseTraceparent(EXAMPLE)).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      sampled: true,
    });
  });

  test.each([
    ['version ff', EXAMPLE.replace(/^00/, 'ff')],
    ['a zero trace id', EXAMPLE.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32))],
    ['a zero span id', EXAMPLE.replace('00f067aa0ba902b7', '0'.repeat(16))],
    ['upper case', EXAMPLE.toUpperCase()],
    ['more fields in version 00', `${EXAMPLE}-00`],
    ['nothing', undefined],
  ])('refuses %s', (_name, header) => {
    expect(parseTraceparent(header)).toBeNull();
  });

  test('a later version may carry more fields', () => {
    expect(parseTraceparent(`${EXAMPLE.replace(/^00/, '01')}-what-comes`)).not.toBeNull();
  });

  test('never throws, whatever the header holds', () => {
    fc.assert(fc.property(fc.string(), (header) => void parseTraceparent(header)));
  });

  test('what is formatted is read back', () => {
    const context = childOf(null);
    expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
  });
});

test('work inside a trace sees a new span of it, across awaits', async () => {
  await withTrace(EXAMPLE, async () => {
    await Promise.resolve();
    expect(currentTrace()?.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(currentTrace()?.spanId).not.toBe('00f067aa0ba902b7');
    expect(outgoingTraceparent()).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
  });
  expect(currentTrace()).toBeNull();
});
