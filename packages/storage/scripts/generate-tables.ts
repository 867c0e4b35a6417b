/**
 * Writes `services/<name>/src/gen/tables.ts`: the tables of each service as its migrations leave them, read from a
 * database that has run them. A column that a migration renames is then an error wherever a statement names it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath } from '@deepstyle/platform';
import { PGlite } from '@electric-sql/pglite';

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly udt_name: string;
  readonly is_nullable: 'YES' | 'NO';
  readonly column_default: string | null;
  readonly is_identity: 'YES' | 'NO';
}

/** PostgreSQL's types as the database port hands them over; see `Transaction` in src/database/database.ts. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Uint8Array',
  date: 'string',
  float4: 'number',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  int8: 'string',
  jsonb: 'unknown',
  numeric: 'string',
  text: 'string',
  timestamptz: 'Date',
  uuid: 'string',
};

const COLUMNS = `
  SELECT table_name, column_name, udt_name, is_nullable, column_default, is_identity
  FROM information_schema.columns WHERE table_schema = $1 ORDER BY table_name, ordinal_position`;

const CHECKS = `
  SELECT c.conrelid::regclass::text AS table_name, pg_get_constraintdef(c.oid) AS definition
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE n.nspname = $1 AND c.contype = 'c'`;

const database = await PGlite.create();
const services = assetPath('services');
for (const service of readdirSync(services).sort()) {
  const migrations = join(services, service, 'migrations');
  if (existsSync(migrations)) await generate(service, migrations);
}
await database.close();

async function generate(service: string, migrations: string): Promise<void> {
  const schema = service.replaceAll('-', '_');
  await database.exec(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}`);
  for (const file of readdirSync(migrations).sort()) {
    if (file.endsWith('.sql')) await database.exec(readFileSync(join(migrations, file), 'utf8'));
  }
  const columns = (await database.query<Column>(COLUMNS, [schema])).rows;
  const unions = await closedSets(schema);
  const tables = [...new Set(columns.map((column) => column.table_name))];
  const interfaces = tables.map((table) =>
    [
      `export interface ${pascal(table)}Table {`,
      ...columns
        .filter((column) => column.table_name === table)
        .map((column) => `  ${camel(column.column_name)}: ${typeOf(column, unions)};`),
      '}',
    ].join('\n'),
  );
  const text = [
    '// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.',
    ...(interfaces.some((one) => one.includes('Generated<'))
      ? ["import type { Generated } from '@deepstyle/storage';"]
      : []),
    '',
    interfaces.join('\n\n'),
    '',
    'export interface Tables {',
    ...tables.map((table) => `  ${camel(table)}: ${pascal(table)}Table;`),
    '}',
    '',
  ].join('\n');
  const folder = join(services, service, 'src/gen');
  const path = join(folder, 'tables.ts');
  // Untouched where nothing changed, so that what is built from it stays fresh.
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, text);
}

/** `table.column` -> the values that a CHECK constraint allows, as a union of literals. */
async function closedSets(schema: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ table_name: string; definition: string }>(CHECKS, [
    schema,
  ]);
  const unions = new Map<string, string>();
  for (const { table_name, definition } of rows) {
    const [, column, values] =
      /^CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(definition) ?? [];
    if (column === undefined || values === undefined) continue;
    const literals = [...values.matchAll(/'([^']*)'::text/g)].map(([, value]) => `'${value}'`);
    unions.set(`${table_name}.${column}`, literals.join(' | '));
  }
  return unions;
}

function typeOf(column: Column, unions: ReadonlyMap<string, string>): string {
  const scalar =
    unions.get(`${column.table_name}.${column.column_name}`) ?? scalarType(column.udt_name);
  const type = column.is_nullable === 'YES' && scalar !== 'unknown' ? `${scalar} | null` : scalar;
  const hasDefault = column.column_default !== null || column.is_identity === 'YES';
  return hasDefault ? `Generated<${type}>` : type;
}

function scalarType(udtName: string): string {
  if (udtName.startsWith('_')) return `readonly ${scalarType(udtName.slice(1))}[]`;
  const type = TYPES[udtName];
  if (type === undefined)
    throw new Error(`The type ${udtName} is not among those of the database port; add it here.`);
  return type;
}

function camel(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(name: string): string {
  const camelCase = camel(name);
  return camelCase.charAt(0).toUpperCase() + camelCase.slice(1);
}
