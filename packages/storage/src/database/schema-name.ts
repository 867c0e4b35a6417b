import { DatabaseSettingsError } from '../errors.ts';

const SCHEMA_NAME = /^[a-z][a-z0-9_-]{0,62}$/;

/** @throws DatabaseSettingsError where `name` cannot name a schema */
export function checkSchemaName(name: string): void {
  if (SCHEMA_NAME.test(name) && !name.startsWith('pg_')) return;
  throw new DatabaseSettingsError(
    `${JSON.stringify(name)} cannot name a schema: lower-case letters, digits, - and _, at most 63 characters, not pg_….`,
  );
}
