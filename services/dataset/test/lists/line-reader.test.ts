import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from '../../src/lists/line-reader.ts';
import { createTestFolder } from '../drawn-deepfashion.ts';

const folder = createTestFolder();
afterAll(() => folder.remove());

async function linesOf(content: string | Uint8Array) {
  const lines: string[] = [];
  const numbers: number[] = [];
  const path = folder.write('lines.txt', content);
  const facts = await readLines(path, (bytes, start, end, line) => {
    const feed = bytes.indexOf('\n', start);
    if (feed > end) throw new Error(`The line ends at ${feed}, behind ${end}.`);
    lines.push(bytes.toString('utf8', start, feed).replace(/\r$/, ''));
    numbers.push(line);
    return feed;
  });
  return { lines, numbers, facts };
}

const lineEnd = (bytes: Buffer, start: number) => bytes.indexOf('\n', start);

describe('readLines', () => {
  test('gives the lines of any text, whatever its line ends', async () => {
    const line = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replaceAll(/[\r\n\ufeff]/g, ''));
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, line, async (ended, last) => {
        const content = ended.map(([words, end]) => words + end).join('') + last;
        const { lines, numbers } = await linesOf(content);
        expect(lines).toEqual([...ended.map(([words]) => words), ...(last === '' ? [] : [last])]);
        expect(numbers).toEqual(lines.map((_, i) => i + 1));
      }),
      { numRuns: 60 },
    );
  });

  test('joins a line that is longer than several chunks', async () => {
    const long = 'x'.repeat(3_500_000);
    const { lines } = await linesOf(`a\n${long}\nb\n${long}`);
    expect(lines.map((line) => line.length)).toEqual([1, long.length, 1, long.length]);
  });

  test('joins lines that lie across the border of chunks', async () => {
    // 7 bytes do not divide a chunk of 2^16, so that every offset of a border occurs.
    const many = Array.from({ length: 500_000 }, (_, i) => String(i % 1_000_000).padStart(6, '0'));
    const { lines } = await linesOf(`${many.join('\n')}\n`);
    expect(lines).toEqual(many);
  });

  test('says where Windows line ends begin, and skips a byte order mark', async () => {
    const { lines, facts } = await linesOf('\ufeffa\nb\r\nc\r\n');
    expect(lines).toEqual(['a', 'b', 'c']);
    expect(facts).toEqual({ lines: 3, windowsEndAt: 2, hasByteOrderMark: true });
  });

  test('refuses a line that no list has', async () => {
    const path = folder.write('binary', Buffer.alloc(70 * 2 ** 20, 'x'));
    await expect(readLines(path, lineEnd)).rejects.toMatchObject({ reason: 'LINE_TOO_LONG' });
  });

  test('stops where it is told to', async () => {
    const path = folder.write('short.txt', 'a\n');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readLines(path, lineEnd, signal)).rejects.toThrow('enough');
  });
});
