type Column =
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

const SHORTEST = 1024;

/** A column of `length` that begins with this one; the rest is 0. */
export function lengthened<C extends Column>(column: C, length: number): C {
  const create = column.constructor as new (length: number) => C;
  const larger = new create(length);
  larger.set(column);
  return larger;
}

/** A column of twice the length that begins with this one; the rest is 0. */
export function doubled<C extends Column>(column: C): C {
  return lengthened(column, Math.max(SHORTEST, column.length * 2));
}
