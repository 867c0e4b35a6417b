import { pino } from 'pino';
import { DeepStyleError, describeError } from './errors.ts';
import { currentTrace } from './trace-context.ts';

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger whose lines all carry these fields. */
  child(fields: object): Logger;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

// Names under which a secret or a bearer URL might be logged by mistake.
const REDACTED = [
  'password',
  'secretKey',
  'token',
  'authorization',
  'signedUrl',
  'signature',
].flatMap((name) => [name, `*.${name}`]);

/** A failure that we name ourselves says all in its message; only what is unforeseen needs its stack. */
function serializeError(thrown: Error): object {
  if (!(thrown instanceof DeepStyleError) || thrown.code === 'INTERNAL') {
    return pino.stdSerializers.errWithCause(thrown);
  }
  const { name, code, reason, message, cause } = thrown;
  return {
    type: name,
    code,
    reason,
    message,
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}

/** What joins a line to its trace. */
function traceFields(): object {
  const trace = currentTrace();
  return trace === null ? {} : { traceId: trace.traceId, spanId: trace.spanId };
}

/** JSON lines on stderr (stdout belongs to results). */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly name: string;
  readonly write?: (line: string) => void;
}): Logger {
  const { write } = options;
  const destination = write === undefined ? pino.destination({ fd: 2, sync: true }) : { write };
  return pino(
    {
      level: options.level,
      base: { service: options.name },
      redact: { paths: REDACTED, censor: '********' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: serializeError },
      mixin: traceFields,
    },
    destination,
  );
}
