/** Every code that may leave a process; stable once published. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/**
 * What becomes of the message whose handler failed. `wait`: a store or a peer failed rather than the work, so it is tried
 * again without limit and without counting. `retry`: it is tried again a few times.
 */
export type DeliveryVerdict = 'ack' | 'wait' | 'retry' | 'dead-letter';

interface ErrorRow {
  /** Numeric gRPC status (google.rpc.Code). */
  readonly grpc: number;
  /** `extensions.code` in GraphQL answers. */
  readonly graphql: string;
  readonly http: number;
  readonly delivery: DeliveryVerdict;
}

/** One table: code -> gRPC status -> GraphQL code -> HTTP status -> what becomes of a delivery. */
export const ERROR_TABLE = {
  INVALID_ARGUMENT: { grpc: 3, graphql: 'BAD_USER_INPUT', http: 400, delivery: 'dead-letter' },
  NOT_FOUND: { grpc: 5, graphql: 'NOT_FOUND', http: 404, delivery: 'dead-letter' },
  ALREADY_EXISTS: { grpc: 6, graphql: 'ALREADY_EXISTS', http: 409, delivery: 'ack' },
  UNAUTHENTICATED: { grpc: 16, graphql: 'UNAUTHENTICATED', http: 401, delivery: 'dead-letter' },
  PERMISSION_DENIED: { grpc: 7, graphql: 'FORBIDDEN', http: 403, delivery: 'dead-letter' },
  FAILED_PRECONDITION: {
    grpc: 9,
    graphql: 'FAILED_PRECONDITION',
    http: 409,
    delivery: 'dead-letter',
  },
  RESOURCE_EXHAUSTED: { grpc: 8, graphql: 'RESOURCE_EXHAUSTED', http: 429, delivery: 'wait' },
  ABORTED: { grpc: 10, graphql: 'ABORTED', http: 409, delivery: 'wait' },
  DEADLINE_EXCEEDED: { grpc: 4, graphql: 'DEADLINE_EXCEEDED', http: 504, delivery: 'wait' },
  UNAVAILABLE: { grpc: 14, graphql: 'UNAVAILABLE', http: 503, delivery: 'wait' },
  CANCELLED: { grpc: 1, graphql: 'CANCELLED', http: 499, delivery: 'wait' },
  DATA_LOSS: { grpc: 15, graphql: 'DATA_LOSS', http: 500, delivery: 'dead-letter' },
  INTERNAL: { grpc: 13, graphql: 'INTERNAL_SERVER_ERROR', http: 500, delivery: 'retry' },
} as const satisfies Record<string, ErrorRow>;

export interface DeepStyleErrorOptions {
  readonly code: ErrorCode;
  /** What happened, to what, and what to do. Shown to the person outside: no address, no stack, no secret. */
  readonly message: string;
  /** A stable name of the failure, finer than `code`, e.g. `DATA_FOLDER_IN_USE`; defaults to the code. */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** The base of every failure that a person or a client is told about. One small subclass per failure. */
export class DeepStyleError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;

  constructor(options: DeepStyleErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.reason = options.reason ?? options.code;
  }

  /** What becomes of a message whose handler fails with this. */
  get verdict(): DeliveryVerdict {
    return ERROR_TABLE[this.code].delivery;
  }

  /** True where the same request may succeed later without a change. */
  get retryable(): boolean {
    return this.verdict === 'wait' || this.verdict === 'retry';
  }

  /** Whatever was thrown, as a DeepStyleError; what is not one becomes INTERNAL without its message. */
  static from(thrown: unknown): DeepStyleError {
    if (thrown instanceof DeepStyleError) return thrown;
    return isOutOfFiles(thrown) ? new TooManyOpenFilesError(thrown) : new InternalError(thrown);
  }
}

/** Our own bug or an unforeseen failure. The cause goes to the log; the outside is told only this sentence. */
export class InternalError extends DeepStyleError {
  constructor(cause: unknown) {
    super({
      code: 'INTERNAL',
      message: 'Something went wrong on our side. The log holds the details under this trace id.',
      cause,
    });
  }
}

/** The system gives this process no further file or connection. It may succeed when others are closed. */
export class TooManyOpenFilesError extends DeepStyleError {
  constructor(cause: unknown) {
    const limit = openFilesLimit();
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'TOO_MANY_OPEN_FILES',
      message:
        `Too many files are open: this process may have ${limit} open at once, connections among them. ` +
        'Raise that ("ulimit -n 4096" in its shell) and start it again; what was under way goes on.',
      cause,
    });
  }
}

/** Whether it goes back to a limit of open files: that of the process, or of the system. */
export function isOutOfFiles(thrown: unknown): boolean {
  return causesOf(thrown).some((cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    return code === 'EMFILE' || code === 'ENFILE';
  });
}

function openFilesLimit(): string {
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
  };
  return String(userLimits?.open_files?.soft ?? 'no more');
}

export class InvalidArgumentError extends DeepStyleError {
  readonly field: string;

  constructor(field: string, problem: string) {
    super({ code: 'INVALID_ARGUMENT', message: `${field}: ${problem}` });
    this.field = field;
  }
}

export class NotFoundError extends DeepStyleError {
  constructor(what: string, id: string) {
    super({ code: 'NOT_FOUND', message: `There is no ${what} with the id ${id}.` });
  }
}

/** Whether a store or a peer failed rather than the work itself: away, full, or stopping. It may succeed later. */
export function isTransient(thrown: unknown): boolean {
  return DeepStyleError.from(thrown).verdict === 'wait';
}

/** The whole chain of causes in one line, for logs and command lines. */
export function describeError(thrown: unknown): string {
  return causesOf(thrown)
    .map((cause) => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)))
    .join(' <- ');
}

/** What was thrown, and what lies beneath it. */
function causesOf(thrown: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let current: unknown = thrown;
  while (current !== undefined && current !== null && causes.length < 5) {
    causes.push(current);
    current = current instanceof Error ? current.cause : undefined;
  }
  return causes;
}

/**
 * A failure as the person at the command line reads it: our own in their sentence, with what lies beneath where the
 * sentence does not say it; the chain of causes where it is a bug.
 */
export function explainFailure(thrown: unknown): string {
  if (isOutOfFiles(thrown)) return new TooManyOpenFilesError(thrown).message;
  if (!(thrown instanceof DeepStyleError) || thrown.code === 'INTERNAL')
    return describeError(thrown);
  const { message, cause } = thrown;
  const beneath = cause instanceof Error ? cause.message : '';
  return beneath === '' || message.includes(beneath) ? message : `${message} (${beneath})`;
}
