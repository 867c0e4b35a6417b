import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

// The one thing that cannot be an argument: it must cross third-party code between an entry and a call.
const current = new AsyncLocalStorage<TraceContext>();

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The context of a `traceparent` header, or null where it is malformed (then a new trace begins). */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  const match = TRACEPARENT.exec(header ?? '');
  if (match === null) return null;
  const [, version, traceId = '', spanId = '', flags = '00', rest] = match;
  const futureVersion = version !== '00';
  if (version === 'ff' || (!futureVersion && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** A new span in the trace of `parent`, or the root of a new trace. */
export function childOf(parent: TraceContext | null): TraceContext {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    sampled: parent?.sampled ?? true,
  };
}

/** Runs `work` as a child span of what the header names; every call and event inside carries it on. */
export function withTrace<T>(traceparent: string | undefined, work: () => T): T {
  return runInTrace(childOf(parseTraceparent(traceparent)), work);
}

/** Runs `work` as the span `context` itself. */
export function runInTrace<T>(context: TraceContext, work: () => T): T {
  return current.run(context, work);
}

export function currentTrace(): TraceContext | null {
  return current.getStore() ?? null;
}

/** The header for an outgoing call: the current span, or a new trace where there is none. */
export function outgoingTraceparent(): string {
  return formatTraceparent(currentTrace() ?? childOf(null));
}
