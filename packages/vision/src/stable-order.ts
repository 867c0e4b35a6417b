const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;

/** The rows 0 .. count - 1 as they came. */
export function firstOrder(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/**
 * Rows reordered by a small whole number each, ascending; equal ones keep their order (a counting sort, so that several
 * keys are sorted by the least important one first).
 * @param keys [rows], each in [0, buckets)
 */
export function orderedBy(order: Int32Array, keys: ArrayLike<number>, buckets: number): Int32Array {
  const next = new Int32Array(buckets + 1);
  for (const row of order) {
    const after = (keys[row] as number) + 1;
    next[after] = (next[after] as number) + 1;
  }
  for (let key = 1; key <= buckets; key++) {
    next[key] = (next[key] as number) + (next[key - 1] as number);
  }
  const ordered = new Int32Array(order.length);
  for (const row of order) {
    const key = keys[row] as number;
    ordered[next[key] as number] = row;
    next[key] = (next[key] as number) + 1;
  }
  return ordered;
}

/** Rows reordered by a number each, highest first; equal ones (0 and -0 too) keep their order. No NaN. */
export function orderedByDescending(order: Int32Array, values: Float64Array): Int32Array {
  // The bits of a float order as the float does once negative ones are turned round; turned again for descending.
  const bits = new Uint32Array(Float64Array.from(values, (value) => value + 0).buffer);
  const digitsOf = () => new Uint16Array(values.length);
  const [first, second, third, fourth] = [digitsOf(), digitsOf(), digitsOf(), digitsOf()];
  for (let row = 0; row < values.length; row++) {
    const low = bits[row * 2] as number;
    const high = bits[row * 2 + 1] as number;
    const negative = high >>> 31 === 1;
    const lowKey = negative ? low : ~low;
    const highKey = negative ? high : ~high & 0x7fffffff;
    first[row] = lowKey & 0xffff;
    second[row] = lowKey >>> DIGIT_BITS;
    third[row] = highKey & 0xffff;
    fourth[row] = highKey >>> DIGIT_BITS;
  }
  return [first, second, third, fourth].reduce(
    (ordered, keys) => orderedBy(ordered, keys, DIGITS),
    order,
  );
}
