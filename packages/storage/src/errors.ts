import { DeepStyleError } from '@deepstyle/platform';

/** The server of a port does not answer, or answers that it is not ready. The same call may succeed later. */
export class DatabaseUnavailableError extends DeepStyleError {
  constructor(what: string, cause?: unknown) {
    super({ code: 'UNAVAILABLE', reason: 'DATABASE_UNAVAILABLE', message: what, cause });
  }
}

/** The database refuses the settings it was given; trying again does not help. */
export class DatabaseSettingsError extends DeepStyleError {
  constructor(what: string, cause?: unknown) {
    super({ code: 'FAILED_PRECONDITION', reason: 'DATABASE_SETTINGS', message: what, cause });
  }
}

export class TransactionTimeoutError extends DeepStyleError {
  readonly holder: string;

  constructor(holder: string, limitMs: number) {
    super({
      code: 'DEADLINE_EXCEEDED',
      reason: 'TRANSACTION_TIMEOUT',
      message:
        `The transaction ${holder} was open for more than ${limitMs} ms and was rolled back. ` +
        'Keep files, network calls and other transactions out of it.',
    });
    this.holder = holder;
  }
}

/** A row with the same unique key is there already. */
export class UniqueViolationError extends DeepStyleError {
  readonly constraint: string;

  constructor(table: string, constraint: string, cause?: unknown) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'UNIQUE_VIOLATION',
      message: `A row of ${table} with the same ${constraint} exists already.`,
      cause,
    });
    this.constraint = constraint;
  }
}

/** PostgreSQL refused a statement. `sqlState` is its five-character code (PostgreSQL manual, appendix A). */
export class SqlError extends DeepStyleError {
  readonly sqlState: string;
  readonly constraint: string | undefined;

  constructor(holder: string, sqlState: string, cause: Error & { constraint?: string }) {
    const isConflict = sqlState === '40001' || sqlState === '40P01';
    super({
      code: isConflict ? 'ABORTED' : 'INTERNAL',
      reason: 'SQL_ERROR',
      // What PostgreSQL says repeats the statement and its values: that is for the log, where the cause stands.
      message: `The database refused a statement of ${holder} (${sqlState}). The log holds the details.`,
      cause,
    });
    this.sqlState = sqlState;
    this.constraint = cause.constraint;
  }
}

export class DataFolderInUseError extends DeepStyleError {
  constructor(folder: string, holder: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATA_FOLDER_IN_USE',
      message:
        `The data folder ${folder} is in use by ${holder}. ` +
        'Wait until that process ends, end it, or choose another data folder.',
    });
  }
}

export class DataFolderTooNewError extends DeepStyleError {
  constructor(folder: string, found: number, known: number) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATA_FOLDER_TOO_NEW',
      message:
        `The data folder ${folder} has format ${found}; this version of DeepStyle knows formats up to ${known}. ` +
        'Start the version that wrote it, or choose another data folder.',
    });
  }
}

/** The data folder was in use and is no longer whole; trying again does not help, and nothing is made anew. */
export class DataFolderDamagedError extends DeepStyleError {
  constructor(folder: string, problem: string, cause?: unknown) {
    super({
      code: 'DATA_LOSS',
      reason: 'DATA_FOLDER_DAMAGED',
      message:
        `The data folder ${folder} is damaged: ${problem}. Nothing was made anew in it. ` +
        'Keep it aside, and restore a backup ("deepstyle restore") or begin with an empty one.',
      cause,
    });
  }
}

export class SchemaTooNewError extends DeepStyleError {
  constructor(schema: string, found: string, known: number) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'SCHEMA_TOO_NEW',
      message:
        `The schema ${schema} has the migration ${found}, but this version of DeepStyle knows ${known}. ` +
        'Start the version that wrote it, or a newer one.',
    });
  }
}

/** The migration files do not fit what was applied, or each other. */
export class MigrationError extends DeepStyleError {
  constructor(schema: string, problem: string, cause?: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'MIGRATION',
      message: `The schema ${schema} cannot be migrated: ${problem}`,
      cause,
    });
  }
}

export class InvalidObjectKeyError extends DeepStyleError {
  constructor(key: string, problem: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_OBJECT_KEY',
      message: `${JSON.stringify(key.slice(0, 100))} is no object key: ${problem}`,
    });
  }
}

export class InvalidRangeError extends DeepStyleError {
  constructor(key: string, start: number, end: number, bytes: number) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_RANGE',
      message: `Bytes ${start} to ${end} were asked of ${key}, which has ${bytes}.`,
    });
  }
}

export class ObjectNotFoundError extends DeepStyleError {
  constructor(key: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'OBJECT_NOT_FOUND',
      message: `There is no object ${key}.`,
    });
  }
}

export class ObjectCorruptError extends DeepStyleError {
  constructor(key: string, problem: string) {
    super({
      code: 'DATA_LOSS',
      reason: 'OBJECT_CORRUPT',
      message: `The object ${key} is damaged: ${problem}. Write it again, or restore it from a backup.`,
    });
  }
}

/** An object that no record named was deleted just before one did. */
export class ObjectSweptError extends DeepStyleError {
  constructor(key: string) {
    super({
      code: 'ABORTED',
      reason: 'OBJECT_SWEPT',
      message: `The object ${key} was deleted within the last hour, as nothing had named it. It is stored again, and named once that hour is over.`,
    });
  }
}

export class StorageFullError extends DeepStyleError {
  constructor(where: string, cause?: unknown) {
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'STORAGE_FULL',
      message: `There is no space left in ${where}. Free some; nothing half-written was kept.`,
      cause,
    });
  }
}

export class ObjectStoreUnavailableError extends DeepStyleError {
  constructor(what: string, cause?: unknown) {
    super({ code: 'UNAVAILABLE', reason: 'OBJECT_STORE_UNAVAILABLE', message: what, cause });
  }
}

/** The object store refuses the settings it was given; trying again does not help. */
export class ObjectStoreSettingsError extends DeepStyleError {
  constructor(what: string, cause?: unknown) {
    super({ code: 'FAILED_PRECONDITION', reason: 'OBJECT_STORE_SETTINGS', message: what, cause });
  }
}

export class SignedUrlError extends DeepStyleError {
  constructor(problem: 'expired' | 'invalid') {
    super({
      code: 'PERMISSION_DENIED',
      reason: problem === 'expired' ? 'SIGNED_URL_EXPIRED' : 'SIGNED_URL_INVALID',
      message:
        problem === 'expired'
          ? 'This link has expired. Ask for a new one.'
          : 'This link is not signed by this DeepStyle, or was changed on its way.',
    });
  }
}

export class BusUnavailableError extends DeepStyleError {
  constructor(what: string, cause?: unknown) {
    super({ code: 'UNAVAILABLE', reason: 'BUS_UNAVAILABLE', message: what, cause });
  }
}

/** The bus refuses the settings it was given; trying again does not help. */
export class BusSettingsError extends DeepStyleError {
  constructor(what: string, cause?: unknown) {
    super({ code: 'FAILED_PRECONDITION', reason: 'BUS_SETTINGS', message: what, cause });
  }
}

export class MessageTooLargeError extends DeepStyleError {
  constructor(subject: string, bytes: number, limit: number) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'MESSAGE_TOO_LARGE',
      message:
        `A message on ${subject} has ${bytes} bytes with its headers; the limit is ${limit}. ` +
        'Put the bytes into the object store and send the reference.',
    });
  }
}

export class InvalidMessageError extends DeepStyleError {
  constructor(subject: string, problem: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_MESSAGE',
      message: `A message on ${JSON.stringify(subject.slice(0, 200))} cannot be sent: ${problem}`,
    });
  }
}

export class InvalidSubscriptionError extends DeepStyleError {
  constructor(durable: string, problem: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_SUBSCRIPTION',
      message: `The subscription ${JSON.stringify(durable.slice(0, 100))} is not possible: ${problem}`,
    });
  }
}

export class SubjectTakenError extends DeepStyleError {
  constructor(durable: string, subjects: readonly string[]) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'SUBJECT_TAKEN',
      message:
        `${durable} asks for jobs on ${subjects.join(', ')}, but another durable has at least one of them. ` +
        'A job subject belongs to one durable; use that name, or another subject.',
    });
  }
}

export class DeadLetterNotFoundError extends DeepStyleError {
  constructor(id: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'DEAD_LETTER_NOT_FOUND',
      message: `There is no dead letter ${id.slice(0, 200)}. It was retried or dropped already, or never was.`,
    });
  }
}
