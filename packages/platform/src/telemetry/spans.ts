import { childOf, runInTrace, type TraceContext } from '../trace-context.ts';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** Few values: ids belong into the attributes. */
  readonly name: string;
  readonly kind: SpanKind;
  /** The span that caused this one; null begins a new trace. */
  readonly parent: TraceContext | null;
  /** Named by the semantic conventions of OpenTelemetry where those know the thing. */
  readonly attributes?: SpanAttributes;
}

/** A timed piece of work in a trace. */
export interface Span {
  readonly context: TraceContext;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed, by what may be told outside; the log has the rest under the same trace id. */
  fail(thrown: unknown): void;
  end(): void;
}

/** Where spans are recorded. */
export interface SpanRecorder {
  start(options: SpanOptions): Span;
}

// As the trace context, the recorder cannot be an argument: spans begin where third-party code calls ours. A process has
// one; where several systems are composed in one process, the last to start records for all until it closes.
const recorders: SpanRecorder[] = [];

/** Records all spans of this process until the returned function is called. */
export function recordSpans(recorder: SpanRecorder): () => void {
  recorders.push(recorder);
  return () => {
    const index = recorders.indexOf(recorder);
    if (index >= 0) recorders.splice(index, 1);
  };
}

export function isRecordingSpans(): boolean {
  return recorders.length > 0;
}

/**
 * Begins a span; whoever begins it ends it. Without a recorder it is a trace context and no more: that of its parent, so
 * that whoever records further on hangs its spans under one that exists.
 */
export function startSpan(options: SpanOptions): Span {
  return recorders.at(-1)?.start(options) ?? unrecorded(options.parent ?? childOf(null));
}

/** Runs `work` inside the span: calls, events and further spans in it are its children. */
export function inSpan<T>(span: Span, work: () => T): T {
  return runInTrace(span.context, work);
}

/** Runs `work` in a span of its own, which fails and ends with it. */
export async function withSpan<T>(
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = startSpan(options);
  try {
    return await inSpan(span, () => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

function unrecorded(context: TraceContext): Span {
  return { context, rename: nothing, set: nothing, fail: nothing, end: nothing };
}

function nothing(): void {}
