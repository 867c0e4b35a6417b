import {
  CONTENT_ID,
  NO_DETECTOR,
  POSE_DETECTOR,
  SEASON,
  SEASON_RULE,
} from '@deepstyle/contracts/request-rules';
import { globalId, type NodeType } from '@deepstyle/service/global-id';
import { UsageError } from '../usage-error.ts';

/** Reads what was typed for an option or argument. @throws UsageError naming what is wrong */
export type Parse<T> = (typed: string) => T;

/** Any text but an option: then the value was forgotten. */
export function text(name: string): Parse<string> {
  return (typed) => {
    if (typed.startsWith('-')) throw new UsageError(`${name} needs a value, not "${typed}".`);
    return typed;
  };
}

export function wholeNumber(
  name: string,
  min = 0,
  max: number = Number.MAX_SAFE_INTEGER,
): Parse<number> {
  return (typed) => {
    const value = Number(typed);
    if (typed.trim() !== '' && Number.isInteger(value) && value >= min && value <= max)
      return value;
    const range = max === Number.MAX_SAFE_INTEGER ? '' : ` from ${min} to ${max}`;
    throw new UsageError(`${name} must be a whole number${range}, not "${typed}".`);
  };
}

export function numberFrom(name: string, min: number, max: number): Parse<number> {
  return (typed) => {
    const value = Number(typed);
    if (typed.trim() !== '' && value >= min && value <= max) return value;
    throw new UsageError(`${name} must be a number from ${min} to ${max}, not "${typed}".`);
  };
}

export function oneOf<const V extends string>(name: string, ...values: readonly V[]): Parse<V> {
  return (typed) => {
    const value = values.find((each) => each === typed);
    if (value !== undefined) return value;
    throw new UsageError(`${name} must be one of ${values.join(', ')}, not "${typed}".`);
  };
}

export const season: Parse<string> = (typed) => {
  if (SEASON.test(typed)) return typed;
  throw new UsageError(`--season ${SEASON_RULE}, not "${typed}".`);
};

/** `none`, `pose`, or the id of a model. */
export const detectorId: Parse<string> = (typed) => {
  if (typed === NO_DETECTOR || typed === POSE_DETECTOR) return typed;
  const id = contentIdOf('DetectorModel', typed);
  if (id !== null) return id;
  throw new UsageError(
    `--detector must be none, pose or the id of a detector model, not "${typed}".`,
  );
};

export const datasetId: Parse<string> = (typed) => {
  const id = contentIdOf('Dataset', typed);
  if (id !== null) return id;
  throw new UsageError(
    `DATASET must be the id of an imported dataset, as the import prints it, not "${typed}".`,
  );
};

const RUN_ID = /^(?:run_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const runId: Parse<string> = (typed) => {
  const id = RUN_ID.exec(typed)?.[1];
  if (id !== undefined) return globalId('Run', id);
  throw new UsageError(`RUN must be the id of a run, as \`run list\` prints it, not "${typed}".`);
};

const DEAD_LETTER_ID = /^(?:EVENTS|JOBS)\.[a-z0-9-]+\.\d+$/;

export const deadLetterId: Parse<string> = (typed) => {
  if (DEAD_LETTER_ID.test(typed)) return typed;
  throw new UsageError(
    `ID must be the id of a dead letter, as \`events dead-letters list\` prints it, not "${typed}".`,
  );
};

/** As the graph has it, with or without the prefix of its type; null where it is no such id. */
export function contentIdOf(type: NodeType, typed: string): string | null {
  const prefix = globalId(type, '');
  const bare = typed.startsWith(prefix) ? typed.slice(prefix.length) : typed;
  return CONTENT_ID.test(bare) ? globalId(type, bare) : null;
}
