/**
 * onnxruntime writes outputs straight into the tensors that are passed as `fetches`, but its Node binding then copies every
 * output once more into new memory for the object it returns: for a training state that is its whole size per step, with
 * its page faults. The binding converts outputs in the graph's order and refuses sequences. So a step's graph begins with
 * one output of that type (STOP), at which the conversion ends, after the run has completed. That the run has completed
 * shows in the error, which is the conversion's own, and in the echo: the run copies its number from TICK to ECHO. The echo
 * alone would not do, since a node may fail after it.
 *
 * What the refusal looks like is learned once per thread from a graph that does nothing else. A binding that does not
 * refuse, or before it has run, gets no STOP: it copies, and all else stays the same.
 */
import type * as Ort from 'onnxruntime-node';
import { createBuilder } from '../builder.ts';
import type { Builder, Graph, NamedValue } from '../graph.ts';
import { encodeOnnx } from '../onnx/encode.ts';

export type Tensors = Record<string, Ort.Tensor>;

const TICK = 'engine.tick';
const ECHO = 'engine.echo';
const STOP = 'engine.stop';

/** Adds to a graph whose outputs are all pre-allocated what an in-place run needs. */
export function withStop(b: Builder, { inputs, outputs }: Graph): Graph {
  const spec = { shape: [1], dtype: 'int32' as const };
  const tick: NamedValue = { name: TICK, value: b.input(TICK, spec) };
  const stop = { name: STOP, value: b.op('SequenceConstruct', [tick.value], spec) };
  return {
    inputs: [...inputs, tick],
    outputs: [stop, ...outputs, { name: ECHO, value: tick.value }],
  };
}

interface Counter {
  readonly data: Int32Array;
  readonly tensor: Ort.Tensor;
}

interface Ticks {
  readonly tick: Counter;
  readonly echo: Counter;
}

function createCounter(ort: typeof Ort): Counter {
  const data = new Int32Array(1);
  return { data, tensor: new ort.Tensor('int32', data, [1]) };
}

const createTicks = (ort: typeof Ort): Ticks => ({
  tick: createCounter(ort),
  echo: createCounter(ort),
});

function advance({ data }: Counter): number {
  const next = (data[0] ?? 0) + 1;
  data[0] = next;
  return next;
}

/** Runs up to STOP. An error behind the echo that is `accepted` is the refusal that ends a complete run. */
async function runToStop(
  session: Ort.InferenceSession,
  { tick, echo }: Ticks,
  feeds: Tensors,
  fetches: Tensors,
  accepted: (error: string) => boolean,
): Promise<void> {
  const number = advance(tick);
  try {
    const all = { ...fetches, [ECHO]: echo.tensor, [STOP]: null };
    await session.run({ ...feeds, [TICK]: tick.tensor }, all);
  } catch (error) {
    if (echo.data[0] !== number || !accepted(String(error))) throw error;
  }
}

/** How the binding refuses a sequence after a complete run; undefined if it does not. */
async function probeRefusal(ort: typeof Ort): Promise<string | undefined> {
  const model = encodeOnnx(withStop(createBuilder(), { inputs: [], outputs: [] }));
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
  let refusal: string | undefined;
  const note = (error: string): boolean => {
    refusal = error;
    return true;
  };
  try {
    await runToStop(session, createTicks(ort), {}, {}, note);
    return refusal;
  } catch {
    return undefined;
  } finally {
    await session.release();
  }
}

let knownRefusal: Promise<string | undefined> | undefined;

export type Run = (feeds: Tensors, fetches: Tensors) => Promise<void>;

/** Runs of a session after which the fetched tensors hold the outputs. */
export async function inPlaceRun(ort: typeof Ort, session: Ort.InferenceSession): Promise<Run> {
  if (!session.outputNames.includes(STOP)) {
    return async (feeds, fetches) => void (await session.run(feeds, fetches));
  }
  knownRefusal ??= probeRefusal(ort);
  const refusal = await knownRefusal;
  const ticks = createTicks(ort);
  if (refusal !== undefined) {
    return (feeds, fetches) =>
      runToStop(session, ticks, feeds, fetches, (error) => error === refusal);
  }
  const { tick, echo } = ticks;
  return async (feeds, fetches) =>
    void (await session.run(
      { ...feeds, [TICK]: tick.tensor },
      { ...fetches, [ECHO]: echo.tensor },
    ));
}
