import { setTimeout } from 'node:timers/promises';
import { ImpureStepError } from './errors.ts';
import { type Graph, graphNodes } from './graph.ts';
import { differingAttribute, pairGraphs } from './graph-pairs.ts';
import { type InputGroup, type Traceable, trace } from './trace.ts';

const ADVICE = 'it reads something that changes: random numbers, a counter, the time';

/** The first operation in which two traces of one function differ, by its number. */
function differenceOf(first: Graph, second: Graph): { place: number; what: string } | undefined {
  const { pairs, unpaired } = pairGraphs(first, second);
  for (const [place, [one, other]] of pairs.entries()) {
    const name = differingAttribute(one, other);
    if (name === undefined) continue;
    const isConstant = one.op === 'Constant' || one.op === 'Splat';
    const what = isConstant ? 'a constant has other elements' : `${one.op} has another '${name}'`;
    return { place, what };
  }
  if (unpaired !== undefined) {
    return { place: pairs.length, what: `${unpaired.op} has no counterpart` };
  }
  const names = ({ outputs }: Graph) => outputs.map(({ name }) => name).join();
  const isSame = names(first) === names(second);
  return isSame ? undefined : { place: pairs.length, what: 'the outputs have other names' };
}

/** @throws ImpureStepError naming the first difference */
function checkSame(fn: Traceable, groups: readonly InputGroup[], first: Graph, second: Graph) {
  const difference = differenceOf(first, second);
  if (difference === undefined) return;
  // One more trace, to say where that operation was called.
  const { site } = graphNodes(trace(fn, groups, true))[difference.place] ?? {};
  throw new ImpureStepError(
    `Two traces of the function differ: ${difference.what}; ${ADVICE}`,
    site ?? 'the traced function',
  );
}

/**
 * Traces a function twice and compares. A graph repeats what the function did when it was traced, so one that does
 * something else each time would be frozen without a word.
 * @param sites whether the nodes say where model code called them
 * @throws ImpureStepError, UnsupportedKernelError
 */
export function tracePure(fn: Traceable, groups: readonly InputGroup[], sites = false): Graph {
  const graph = trace(fn, groups, sites);
  checkSame(fn, groups, graph, trace(fn, groups));
  return graph;
}

/** The same; between the two traces others have their turn on this thread. */
export async function tracePureInTurns(
  fn: Traceable,
  groups: readonly InputGroup[],
): Promise<Graph> {
  const graph = trace(fn, groups);
  // A timer and not setImmediate, which may come before what waits on sockets.
  await setTimeout(1);
  checkSame(fn, groups, graph, trace(fn, groups));
  return graph;
}
