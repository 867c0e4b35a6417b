import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Environment } from './environment.ts';
import { DeepStyleError } from './errors.ts';

/** One row of a settings table. Units stand in the name: `…Ms`, `…Bytes`, `…Px`. */
export interface Setting<T> {
  readonly env: string;
  /** Parses the text of the variable. */
  readonly schema: z.ZodType<T, string>;
  /** Text as it would stand in the environment; absent: the setting is required. */
  readonly default?: string;
  readonly description: string;
  /** Also read from the file named by `<env>_FILE`; masked wherever settings are shown. */
  readonly secret?: boolean;
}

export type SettingsTable<T> = { readonly [K in keyof T]: Setting<T[K]> };

export class SettingsError extends DeepStyleError {
  constructor(problems: readonly string[]) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'SETTINGS_INVALID',
      message: `The settings cannot be used:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    });
  }
}

const TRUE = new Set(['1', 'true', 'yes', 'on']);
const FALSE = new Set(['0', 'false', 'no', 'off']);

/** Parsers for the text of a variable, each with a message that says what is accepted. */
export const text = {
  string: () => z.string().min(1, 'must not be empty'),
  optional: () => z.string().transform((value) => (value === '' ? undefined : value)),
  integer: (minimum: number, maximum: number) =>
    z.string().transform((value, context) => {
      const parsed = Number(value);
      if (Number.isInteger(parsed) && parsed >= minimum && parsed <= maximum) return parsed;
      context.addIssue(`must be a whole number from ${minimum} to ${maximum}, not "${value}"`);
      return z.NEVER;
    }),
  number: (minimum: number, maximum: number) =>
    z.string().transform((value, context) => {
      const parsed = value.trim() === '' ? Number.NaN : Number(value);
      if (parsed >= minimum && parsed <= maximum) return parsed;
      context.addIssue(`must be a number from ${minimum} to ${maximum}, not "${value}"`);
      return z.NEVER;
    }),
  boolean: () =>
    z.string().transform((value, context) => {
      const lower = value.toLowerCase();
      if (TRUE.has(lower)) return true;
      if (FALSE.has(lower)) return false;
      context.addIssue(`must be true or false, not "${value}"`);
      return z.NEVER;
    }),
  oneOf: <const V extends readonly [string, ...string[]]>(values: V) =>
    z.string().transform((value, context): V[number] => {
      if (values.includes(value)) return value;
      context.addIssue(`must be one of ${values.join(', ')}, not "${value}"`);
      return z.NEVER;
    }),
  list: () =>
    z.string().transform((value): readonly string[] =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
} as const;

/** The file that holds a secret; a variable that holds it goes first. */
function secretFile(setting: Setting<unknown>, environment: Environment): string | undefined {
  const isInFile = setting.secret === true && !environment[setting.env];
  return isInFile ? environment[`${setting.env}_FILE`] : undefined;
}

function readText(setting: Setting<unknown>, environment: Environment): string | undefined {
  const file = secretFile(setting, environment);
  return file === undefined ? (environment[setting.env] ?? setting.default) : readSecret(file);
}

/** @throws where it holds nothing: whoever names a file does not mean to go without the secret */
function readSecret(file: string): string {
  // Files of secrets usually end in a newline that is no part of the secret.
  const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  if (!/[^\s,]/.test(secret)) throw new Error(`${file} holds no secret`);
  return secret;
}

/**
 * Reads a settings table from the environment, once, at start. The result is frozen.
 *
 * @throws SettingsError naming every wrong or missing variable at once; a secret's value is never repeated
 */
export function readSettings<T extends object>(
  table: SettingsTable<T>,
  environment: Environment,
): Readonly<T> {
  return readSettingsTables([table], environment)[0];
}

/**
 * Several tables read at once, so that one start names the wrong variables of all.
 *
 * @throws SettingsError
 */
export function readSettingsTables<T extends readonly object[]>(
  tables: { readonly [K in keyof T]: SettingsTable<T[K]> },
  environment: Environment,
): { readonly [K in keyof T]: Readonly<T[K]> } {
  const problems: string[] = [];
  const values = tables.map((table) => readTable(table, environment, problems));
  if (problems.length > 0) throw new SettingsError([...new Set(problems)]);
  return values as never;
}

function readTable(table: object, environment: Environment, problems: string[]): object {
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(table as never)) {
    try {
      const raw = readText(setting, environment);
      if (raw === undefined) {
        problems.push(`${setting.env} is missing: ${setting.description}`);
        continue;
      }
      const parsed = setting.schema.safeParse(raw);
      if (parsed.success) values[name] = parsed.data;
      else
        problems.push(
          ...parsed.error.issues.map((issue) => `${setting.env} ${shown(setting, issue.message)}`),
        );
    } catch (error) {
      problems.push(`${setting.env}_FILE cannot be used: ${(error as Error).message}`);
    }
  }
  return Object.freeze(values);
}

function shown(setting: Setting<unknown>, message: string): string {
  return setting.secret === true ? message.replace(/, not ".*"$/s, '') : message;
}

export interface DescribedSetting {
  readonly env: string;
  readonly value: string;
  readonly source: 'environment' | 'file' | 'default' | 'missing';
  readonly description: string;
}

/** The settings as `doctor` prints them; secrets masked. */
export function describeSettings<T extends object>(
  table: SettingsTable<T>,
  environment: Environment,
): readonly DescribedSetting[] {
  return Object.values<Setting<unknown>>(table).map((setting) => {
    const source = settingSource(setting, environment);
    const plain = environment[setting.env] ?? setting.default ?? '';
    const value =
      setting.secret === true && source !== 'default' && source !== 'missing' ? '********' : plain;
    return { env: setting.env, value, source, description: setting.description };
  });
}

function settingSource(
  setting: Setting<unknown>,
  environment: Environment,
): DescribedSetting['source'] {
  if (secretFile(setting, environment) !== undefined) return 'file';
  if (environment[setting.env] !== undefined) return 'environment';
  return setting.default === undefined ? 'missing' : 'default';
}
