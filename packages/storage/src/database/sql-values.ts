import type { SqlValue } from './database.ts';

/**
 * A parameter in PostgreSQL's text format, so that both adapters send the very same thing and the server alone
 * decides on the type.
 */
export function encodeSqlValue(value: SqlValue): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return encodeArray(value as readonly SqlValue[]);
  return encodeScalar(value as Exclude<SqlValue, null | readonly SqlValue[]>);
}

function encodeScalar(value: string | number | bigint | boolean | Date | Uint8Array): string {
  if (typeof value === 'string') return value;
  if (ArrayBuffer.isView(value)) {
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  }
  // Not `instanceof`: a Date may come from another realm.
  if (typeof value === 'object') return value.toISOString();
  return String(value);
}

/** PostgreSQL manual 8.15.2: every element quoted, so that none is taken for NULL or a bracket. */
function encodeArray(values: readonly SqlValue[]): string {
  const elements = values.map((value) => {
    if (value === null) return 'NULL';
    if (Array.isArray(value)) return encodeArray(value as readonly SqlValue[]);
    const text = encodeScalar(value as Exclude<SqlValue, null | readonly SqlValue[]>);
    return `"${text.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
}

/** A quoted identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
