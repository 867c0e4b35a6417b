import { type EventEmitter, once } from 'node:events';
import { findTextProblem } from '@deepstyle/contracts/request-rules';
import {
  DeepStyleError,
  InvalidArgumentError,
  inSpan,
  type Logger,
  parseTraceparent,
  recordMetric,
  type Span,
  secondsSince,
  startSpan,
} from '@deepstyle/platform';
import type {
  handleServerStreamingCall,
  handleUnaryCall,
  Metadata,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { withDeadline } from './deadline.ts';
import { toStatus } from './status.ts';

export interface CallInfo {
  /** Aborts when the caller goes away or its deadline passes. */
  readonly signal: AbortSignal;
}

// A caller that set no deadline (a person with a command-line tool) must not hold resources for ever.
const DEFAULT_DEADLINE_MS = 60_000;

/** A promise-returning function as a unary gRPC handler. */
export function unary<Request, Response>(
  logger: Logger,
  handle: (request: Request, info: CallInfo) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    inCall(logger, call, (info) => handle(call.request, info)).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(DeepStyleError.from(error))),
    );
  };
}

async function drained(call: EventEmitter, signal: AbortSignal): Promise<void> {
  try {
    await once(call, 'drain', { signal });
  } catch (error) {
    // Canceled, it is read no further.
    if (!signal.aborted) throw error;
  }
}

/** An async generator as a server-streaming gRPC handler; it is not read faster than the client takes. */
export function serverStream<Request, Response>(
  logger: Logger,
  handle: (request: Request, info: CallInfo) => AsyncIterable<Response>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    inCall(logger, call, async (info) => {
      for await (const response of handle(call.request, info)) {
        if (info.signal.aborted) return;
        if (!call.write(response)) await drained(call, info.signal);
      }
      call.end();
    }).catch((error: unknown) =>
      // Destroying the stream instead would close it before its status is sent.
      call.emit('error', asError(toStatus(DeepStyleError.from(error)))),
    );
  };
}

/** In a span of the caller's trace, measured. @throws DeepStyleError, logged */
async function inCall<T>(
  logger: Logger,
  call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>,
  work: (info: CallInfo) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort(new Error('the caller went away')));
  const startedAt = performance.now();
  const method = call.getPath().slice(1);
  const span = startSpan({
    name: method,
    kind: 'server',
    parent: parseTraceparent(header(call.metadata, 'traceparent')),
    attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method },
  });
  let code = 'OK';
  try {
    return await inSpan(span, () =>
      withDeadline(deadlineOf(call.getDeadline()), () => {
        refuseOddText(call.request);
        return work({ signal: controller.signal });
      }),
    );
  } catch (thrown) {
    const error = inSpan(span, () => logged(logger, call.getPath(), thrown));
    code = error.code;
    span.fail(error);
    throw error;
  } finally {
    endCall(span, method, code, startedAt);
  }
}

/** @throws InvalidArgumentError, naming the field */
function refuseOddText(request: unknown): void {
  const found = findTextProblem(request);
  if (found !== null) throw new InvalidArgumentError(found.field, found.problem);
}

function endCall(span: Span, method: string, code: string, startedAt: number): void {
  span.set({ 'rpc.response.status_code': code });
  span.end();
  recordMetric('grpcDuration', { method, code }, secondsSince(startedAt));
}

function deadlineOf(deadline: Date | number): Date {
  const time = typeof deadline === 'number' ? deadline : deadline.getTime();
  return new Date(Number.isFinite(time) ? time : Date.now() + DEFAULT_DEADLINE_MS);
}

function header(metadata: Metadata, name: string): string | undefined {
  return metadata.get(name)[0]?.toString();
}

function logged(logger: Logger, path: string, thrown: unknown): DeepStyleError {
  const error = DeepStyleError.from(thrown);
  if (error.code === 'INTERNAL') logger.error({ path, error: thrown }, 'a gRPC call failed');
  else logger.info({ path, code: error.code, reason: error.reason }, 'a gRPC call was refused');
  return error;
}

function asError(status: ReturnType<typeof toStatus>): Error {
  return Object.assign(new Error(status.details), status);
}

/** Throws where a required field is missing; proto3 cannot say it itself. */
export function required(field: string, value: string): string {
  if (value === '') throw new InvalidArgumentError(field, 'is required');
  return value;
}
