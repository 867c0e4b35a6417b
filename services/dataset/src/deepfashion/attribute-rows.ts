import { type GarmentRow, say } from './garment-rows.ts';

/** What 0 says of an attribute: unknown in the original annotations, negative in the relabelled ones. */
export type ZeroMeans = 'unknown' | 'negative';

/** Takes a value for each attribute: 1 positive, -1 negative, 0 by `zeroMeans`. */
export function takeAttributes(row: GarmentRow, attributes: number, zeroMeans: ZeroMeans): void {
  const { fields, first, table, place } = row;
  if (table.attributes === null) return;
  if (fields.count !== first + attributes) {
    say(row, 'ATTRIBUTE_COUNT', `${fields.count - first} values, not ${attributes}.`);
    return;
  }
  const positive: number[] = [];
  const unknown: number[] = [];
  let oddId = 0;
  for (let id = 1; id <= attributes; id += 1) {
    const value = fields.integer(first + id - 1);
    if (value === -1) continue;
    if (value === 1) positive.push(id);
    else if (value !== 0) {
      oddId = id;
      unknown.push(id);
    } else if (zeroMeans === 'unknown') unknown.push(id);
  }
  if (oddId > 0) {
    say(row, 'ATTRIBUTE_VALUE', `Attribute ${oddId} is "${fields.text(first + oddId - 1)}".`);
  }
  if (table.attributes.has(place)) {
    say(row, 'CONFLICTING_ROW', `An earlier line is of ${table.names.text(place)} too.`);
  } else table.attributes.set(place, { positive, unknown });
}
