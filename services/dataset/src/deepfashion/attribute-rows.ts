import { integerOf, type RowFields } from '../lists/row-fields.ts';
import type { AttributeSet } from './attribute-sets.ts';
import { type GarmentRow, say } from './garment-rows.ts';

/** What 0 says of an attribute: unknown in the original annotations, negative in the relabelled ones. */
export type ZeroMeans = 'unknown' | 'negative';

const [SPACE, MINUS, ONE] = [32, 45, 49] as const;

/** What a row says, by the ids of the attributes. */
interface AttributeValues extends AttributeSet {
  /** Number of values. */
  readonly count: number;
  /** The last one that is none of -1, 0 and 1; it counts as 0. */
  readonly odd: string | null;
}

/**
 * Takes a value for each attribute: 1 positive, -1 negative, 0 by `zeroMeans`. The values are what follows the fields that
 * name the image.
 */
export function takeAttributes(row: GarmentRow, attributes: number, zeroMeans: ZeroMeans): void {
  const { fields, first, table, place } = row;
  if (table.attributes === null) return;
  const start = first === 0 ? fields.lineStart : fields.end(first - 1);
  const { count, odd, positive, unknown } = readValues(fields, start, zeroMeans);
  if (count !== attributes) {
    say(row, 'ATTRIBUTE_COUNT', `${count} values, not ${attributes}.`);
    return;
  }
  if (odd !== null) say(row, 'ATTRIBUTE_VALUE', odd);
  if (table.attributes.has(place)) {
    say(row, 'CONFLICTING_ROW', `An earlier line is of ${table.names.text(place)} too.`);
  } else table.attributes.set(place, { positive, unknown });
}

function readValues(fields: RowFields, start: number, zeroMeans: ZeroMeans): AttributeValues {
  const { bytes, view, lineEnd } = fields;
  const values = new RowValues(zeroMeans);
  let at = start;
  for (;;) {
    const negatives = negativesFrom(bytes, view, at);
    values.count += negatives;
    at += negatives * NEGATIVE_BYTES;
    while (at < lineEnd && (bytes[at] as number) <= SPACE) at += 1;
    if (at >= lineEnd) return values;
    const from = at;
    while ((bytes[at] as number) > SPACE) at += 1;
    values.take(bytes, from, at);
  }
}

const NEGATIVE_BYTES = 3;

/** Number of values from here on that are written " -1", as nearly all are. */
function negativesFrom(bytes: Buffer, view: DataView, start: number): number {
  let at = start;
  const last = view.byteLength - 4 * 4;
  // Four of them in three words, and what ends the last one.
  while (
    at < last &&
    view.getUint32(at) === FOUR_NEGATIVES[0] &&
    view.getUint32(at + 4) === FOUR_NEGATIVES[1] &&
    view.getUint32(at + 8) === FOUR_NEGATIVES[2] &&
    view.getUint8(at + 12) <= SPACE
  ) {
    at += 4 * NEGATIVE_BYTES;
  }
  while (
    bytes[at] === SPACE &&
    bytes[at + 1] === MINUS &&
    bytes[at + 2] === ONE &&
    (bytes[at + 3] as number) <= SPACE
  ) {
    at += NEGATIVE_BYTES;
  }
  return (at - start) / NEGATIVE_BYTES;
}

/** As words, the first byte highest. */
const FOUR_NEGATIVES = [0, 4, 8].map((at) => Buffer.from(' -1 -1 -1 -1').readUInt32BE(at));

class RowValues implements AttributeValues {
  readonly #zeroMeans: ZeroMeans;
  readonly positive: number[] = [];
  readonly unknown: number[] = [];
  odd: string | null = null;
  count = 0;

  constructor(zeroMeans: ZeroMeans) {
    this.#zeroMeans = zeroMeans;
  }

  take(bytes: Buffer, from: number, end: number): void {
    this.count += 1;
    const value = integerOf(bytes, from, end);
    if (value === 1) this.positive.push(this.count);
    if (value === 1 || value === -1) return;
    if (value !== 0)
      this.odd = `Attribute ${this.count} is "${bytes.toString('utf8', from, end)}".`;
    if (value !== 0 || this.#zeroMeans === 'unknown') this.unknown.push(this.count);
  }
}
