import { z } from 'zod';
import { GLOBAL_ID_PREFIXES, globalId, type NodeType } from '../global-id.ts';

/** What the value of a global-id field is made from. */
interface Source {
  readonly type: NodeType;
  /** The field beside it that holds the plain id. */
  readonly from: string;
  /** A plain id that names no node. */
  readonly none: string | null;
}

const sources = z.registry<Source>();

/**
 * A field with the global id that the graph takes, of the plain id in the field `from` beside it. It is optional
 * because events that were stored before it was added lack it.
 */
export function globalIdField(
  type: NodeType,
  from: string,
  none: string | null = null,
): z.ZodOptional<z.ZodString> {
  return z
    .string()
    .regex(new RegExp(`^${GLOBAL_ID_PREFIXES[type]}_`))
    .optional()
    .describe(`\`${from}\` as the id of the ${type} in the graph`)
    .register(sources, { type, from, none });
}

/** Fills, in place, the global-id fields of a value that fits the schema; null where the schema has none. */
export type GlobalIdFill = ((value: unknown) => void) | null;

export function globalIdFill(schema: z.core.$ZodType): GlobalIdFill {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return globalIdFill(schema.unwrap());
  if (schema instanceof z.ZodArray) {
    const fill = globalIdFill(schema.element);
    return fill && ((value) => Array.isArray(value) && value.forEach(fill));
  }
  return schema instanceof z.ZodObject ? objectFill(schema) : null;
}

function objectFill(schema: z.ZodObject): GlobalIdFill {
  const steps = Object.entries(schema.shape).flatMap(([name, field]) => {
    const source = sources.get(field);
    if (source !== undefined)
      return (plain: Record<string, unknown>) => {
        plain[name] = made(source, plain[source.from]);
      };
    const fill = globalIdFill(field);
    return fill === null ? [] : (plain: Record<string, unknown>) => fill(plain[name]);
  });
  if (steps.length === 0) return null;
  return (value) => {
    if (!isRecord(value)) return;
    for (const step of steps) step(value);
  };
}

/** Undefined where the plain id is missing or names no node. */
function made({ type, none }: Source, id: unknown): string | undefined {
  return typeof id === 'string' && id !== none ? globalId(type, id) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
