import { describe, expect, test } from '@jest/globals';
import { TextBatches } from '../src/text-batches.ts';

/** All that the work writes; the sink copies late, as a file does. */
async function written(work: (batches: TextBatches) => Promise<void> | void): Promise<string> {
  const parts: Buffer[] = [];
  const batches = new TextBatches({
    write: async (bytes) => {
      await new Promise((resolve) => setImmediate(resolve));
      parts.push(Buffer.from(bytes));
    },
  });
  await work(batches);
  await batches.end();
  return Buffer.concat(parts).toString('utf8');
}

describe('TextBatches', () => {
  test('keeps the order of everything over many batches', async () => {
    let expected = '';
    const text = await written(async (batches) => {
      for (let i = 0; i < 400_000; i += 1) {
        const piece = `${'äbcdefghi'.slice(0, i % 9)}${i}`;
        batches.add(piece);
        expected += piece;
        if (batches.isFull) await batches.flush();
      }
    });
    expect(text === expected).toBe(true);
  });

  test('takes a text that is longer than a batch', async () => {
    const long = 'ü'.repeat(3_000_000);
    expect((await written((batches) => batches.add(long))) === long).toBe(true);
  });

  test('tells what the sink could not write', async () => {
    const batches = new TextBatches({ write: () => Promise.reject(new Error('disk full')) });
    batches.add('x');
    await batches.flush();
    await expect(batches.end()).rejects.toThrow('disk full');
  });
});
