import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonBatches, jsonPiece } from '../src/json-batches.ts';

/** All that the work writes; the sink copies late, as a file does. */
async function written(work: (batches: JsonBatches) => Promise<void> | void): Promise<string> {
  const parts: Buffer[] = [];
  const batches = new JsonBatches({
    write: async (bytes) => {
      await new Promise((resolve) => setImmediate(resolve));
      parts.push(Buffer.from(bytes));
    },
  });
  await work(batches);
  await batches.end();
  return Buffer.concat(parts).toString('utf8');
}

describe('JsonBatches', () => {
  test('writes numbers as JSON does', async () => {
    const number = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0, 9, 10, 999, 1000, 1001, 99_999, 2 ** 31 - 1, 2 ** 31, -(2 ** 31)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number), async (numbers) => {
        expect(await written((batches) => batches.numbers(numbers))).toBe(
          JSON.stringify(numbers).slice(1, -1),
        );
      }),
    );
  });

  test('writes strings as JSON does', async () => {
    const string = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', 'é'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(string), async (strings) => {
        const text = await written((batches) => {
          for (const each of strings) batches.string(each);
        });
        expect(text).toBe(strings.map((each) => JSON.stringify(each)).join(''));
      }),
    );
  });

  test('writes bytes as a string where all are plain, and else nothing', async () => {
    const source = Buffer.from('"img/a.jpg"é');
    const text = await written((batches) => {
      expect(batches.plainBytes(source, 1, 10)).toBe(true);
      expect(batches.plainBytes(source, 0, 10)).toBe(false);
      expect(batches.plainBytes(source, 11, source.length)).toBe(false);
    });
    expect(text).toBe('"img/a.jpg"');
  });

  test('keeps the order of everything over many batches, pieces of any length among it', async () => {
    const pieces = Array.from({ length: 9 }, (_, i) => 'abcdefghi'.slice(0, i + 1));
    let expected = '';
    const text = await written(async (batches) => {
      for (let i = 0; i < 400_000; i += 1) {
        const piece = pieces[i % pieces.length] ?? '';
        batches.piece(jsonPiece(piece));
        batches.number(i);
        expected += piece + i;
        if (batches.isFull) await batches.flush();
      }
    });
    expect(text === expected).toBe(true);
  });

  test('takes a text that is longer than a batch', async () => {
    const long = 'ü'.repeat(3_000_000);
    expect((await written((batches) => batches.string(long))) === `"${long}"`).toBe(true);
  });

  test('tells what the sink could not write', async () => {
    const batches = new JsonBatches({ write: () => Promise.reject(new Error('disk full')) });
    batches.text('x');
    await batches.flush();
    await expect(batches.end()).rejects.toThrow('disk full');
  });
});
