import pg from 'pg';

// Object ids of types, PostgreSQL's pg_type.dat.
const BYTEA = 17;
const TEXT_ARRAY = 1009;
const BYTEA_ARRAY = 1001;
/** date, timestamp; and arrays of date, timestamp, numeric: by custom of the driver they would be Date and float. */
const AS_TEXT = new Set([1082, 1114]);
const AS_TEXT_ARRAY = new Set([1182, 1115, 1231]);

const asText = (value: string): string => value;

function asBytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value.slice(2), 'hex'));
}

function parserOf(oid: number): ((value: string) => unknown) | undefined {
  if (AS_TEXT.has(oid)) return asText;
  if (oid === BYTEA) return asBytes;
  const textArray = pg.types.getTypeParser(TEXT_ARRAY as number) as unknown as (
    value: string,
  ) => string[];
  if (AS_TEXT_ARRAY.has(oid)) return textArray;
  if (oid === BYTEA_ARRAY) return (value) => textArray(value).map(asBytes);
  return undefined;
}

/** JavaScript types of columns, as Transaction.query promises them. */
export const columnTypes = {
  getTypeParser: (oid: number, format?: string) =>
    format === 'binary'
      ? pg.types.getTypeParser(oid, 'binary')
      : (parserOf(oid) ?? pg.types.getTypeParser(oid)),
} as pg.CustomTypesConfig;
