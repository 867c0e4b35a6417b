import { ImpureStepError } from './errors.ts';
import type { Graph, Node } from './graph.ts';
import { differingAttribute, pairGraphs } from './graph-pairs.ts';
import { type InputGroup, type Traceable, trace } from './trace.ts';

const UNKNOWN = 'the traced function';
const ADVICE = 'it reads something that changes: random numbers, a counter, the time';

function fail(node: Node | undefined, what: string): never {
  throw new ImpureStepError(
    `Two traces of the function differ: ${what}; ${ADVICE}`,
    node?.site ?? UNKNOWN,
  );
}

/** @throws ImpureStepError naming the first place at which two traces of one function differ */
function checkSameTrace(first: Graph, second: Graph): void {
  const { pairs, unpaired } = pairGraphs(first, second);
  for (const [one, other] of pairs) {
    const name = differingAttribute(one, other);
    if (name === undefined) continue;
    const isConstant = one.op === 'Constant' || one.op === 'Splat';
    fail(one, isConstant ? 'a constant has other elements' : `${one.op} has another '${name}'`);
  }
  if (unpaired !== undefined) fail(unpaired, `${unpaired.op} has no counterpart`);
  const names = ({ outputs }: Graph) => outputs.map(({ name }) => name).join();
  if (names(first) !== names(second)) fail(undefined, 'the outputs have other names');
}

/**
 * Traces a function twice and compares. A graph repeats what the function did when it was traced, so one that does
 * something else each time would be frozen without a word.
 * @throws ImpureStepError, UnsupportedKernelError
 */
export function tracePure(fn: Traceable, groups: readonly InputGroup[]): Graph {
  const graph = trace(fn, groups);
  checkSameTrace(graph, trace(fn, groups));
  return graph;
}
