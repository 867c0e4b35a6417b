import { createRandom, encodeSafetensors, flattenTree } from '@deepstyle/engine';
import { encodeModelFile } from '@deepstyle/training';
import { describe, expect, test } from '@jest/globals';
import { readDetector } from '../../src/files/read-detector.ts';
import { foldStatistics, initialParams, initialStatistics } from '../../src/model/faster-rcnn.ts';
import { encodeModel } from '../../src/model-file.ts';
import { tinyHyperparameters } from '../tiny-hyperparameters.ts';

const { architecture } = tinyHyperparameters();
const initial = initialParams(createRandom(1), architecture);
const weights = foldStatistics(initial, initialStatistics(initial));
const categories = [
  { name: 'dress', type: 'full' },
  { name: 'shirt', type: 'upper' },
] as const;
const bytes = encodeModel({ architecture, weights, categories });
const flat = flattenTree(weights as never) as Record<
  string,
  { shape: number[]; data: Float32Array }
>;
const fields = { architecture, categories };

/** The same weights but for one tensor. */
function altered(tensor: string, change: object | null) {
  const { [tensor]: before, ...others } = flat;
  const tensors = change === null ? others : { ...others, [tensor]: { ...before, ...change } };
  return encodeModelFile(tensors, fields);
}
const [first = ''] = Object.keys(flat);

test('a detector is read with its categories', () => {
  expect(readDetector(bytes, 'mine').categories).toEqual(categories);
});

describe('what is no whole detector is refused by name, and why', () => {
  const refused = (given: Uint8Array) => expect(() => readDetector(given, 'mine.safetensors'));

  test.each([
    ['nothing', new Uint8Array(0), /0 bytes are too few/],
    ['half a file', bytes.subarray(0, bytes.length / 2), /truncated/],
    ['half a header', bytes.subarray(0, 200), /a header of/],
    ['a picture', Buffer.from('\u0089PNG\r\n\u001a\n00000000', 'latin1'), /a header of/],
    ['text', Buffer.from('deepstyle'.repeat(9)), /a header of/],
    ['weights of anything', encodeSafetensors(flat as never), /no field 'architecture'/],
    ['a GAN', encodeModelFile({ g: flat }, { architecture: { sizePx: 64 } }), /no field/],
    [
      'another network',
      encodeModelFile(flat, { ...fields, architecture: { sizePx: 64 } }),
      /another kind of network/,
    ],
    [
      'categories of another',
      encodeModelFile(flat, { architecture, categories: categories.slice(1) }),
      /its categories are not those/,
    ],
    ['one without a tensor', altered(first, null), new RegExp(`${first} is missing`)],
    ['NaN', altered(first, { data: nanIn(flat[first]?.data) }), /holds NaN/],
  ])('%s', (_name, given, message) => {
    refused(given).toThrow(message);
    refused(given).toThrow(/^mine\.safetensors is no whole detector: .* Name the weights/s);
  });

  test('weights of another size', () => {
    const { architecture: wider } = tinyHyperparameters({ categories: 2 });
    const other = encodeModelFile(flat, {
      categories,
      architecture: { ...wider, hidden: wider.hidden + 1 },
    });
    refused(other).toThrow(/its tensor .* is \[.*\] and not \[/);
  });
});

function nanIn(data: Float32Array = new Float32Array()): Float32Array {
  return Float32Array.from(data, (value, i) => (i === 3 ? Number.NaN : value));
}
