import type * as Ort from 'onnxruntime-node';

export type Tensors = Record<string, Ort.Tensor>;

/**
 * onnxruntime writes outputs straight into the tensors that are passed as `fetches`, but its Node binding
 * then copies every output once more into new memory for the object it returns: for a training state that
 * is its whole size per step, with its page faults. The binding converts outputs in the graph's order and
 * refuses sequences. So graphs whose outputs are all pre-allocated begin with one output of that type
 * (STOP), at which the conversion ends, after the run has completed. That the run has completed shows in the
 * error, which is the conversion's own, and in the echo: the run copies its number from TICK to ECHO. The echo
 * alone would not do, since a node may fail after it.
 */
export const TICK = 'engine.tick';
export const ECHO = 'engine.echo';
export const STOP = 'engine.stop';

/** What the binding says of a sequence; any other error is the run's. */
const CONVERSION_REFUSED = /Non tensor type/;

const ticks = new WeakMap<Ort.InferenceSession, { tick: Ort.Tensor; echo: Ort.Tensor }>();

function ticksOf(ort: typeof Ort, session: Ort.InferenceSession) {
  const known = ticks.get(session);
  if (known !== undefined) return known;
  const made = {
    tick: new ort.Tensor('int32', new Int32Array(1), [1]),
    echo: new ort.Tensor('int32', new Int32Array(1), [1]),
  };
  ticks.set(session, made);
  return made;
}

/** Runs the session; afterwards the fetched tensors hold the outputs. */
export async function runInPlace(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  feeds: Tensors,
  fetches: Tensors,
): Promise<void> {
  if (!session.outputNames.includes(STOP)) {
    await session.run(feeds, fetches);
    return;
  }
  const { tick, echo } = ticksOf(ort, session);
  const number = ((tick.data as Int32Array)[0] as number) + 1;
  (tick.data as Int32Array)[0] = number;
  const all = { ...fetches, [ECHO]: echo, [STOP]: null };
  try {
    await session.run({ ...feeds, [TICK]: tick }, all);
  } catch (error) {
    const refused = CONVERSION_REFUSED.test(String(error));
    if (!refused || (echo.data as Int32Array)[0] !== number) throw error;
  }
}
