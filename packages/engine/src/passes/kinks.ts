import { type Graph, graphNodes, type Node } from '../graph.ts';

/** Operations that are not smooth: next to their kink the smallest error of the input changes the gradient. */
const KINKED = new Set([
  ...['Relu', 'LeakyRelu', 'Elu', 'Selu', 'HardSigmoid', 'Abs', 'Clip', 'Max', 'Min', 'Sign'],
  ...['Floor', 'Ceil', 'Round', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
  ...['MaxPool', 'ReduceMax', 'ReduceMin', 'ArgMax', 'ArgMin', 'TopK', 'NonMaxSuppression'],
]);

/** Operations behind which an error is that of another layer. */
const LAYERS = new Set(['Conv2d', 'Conv2dInputGradient', 'Conv2dFilterGradient', 'MatMul']);

/**
 * The nodes whose output reaches a kink with no other layer between: the forward pass of a layer before its
 * rectifier, normalisation and sums included, but not the backward pass.
 */
export function nodesBeforeKinks(graph: Graph): ReadonlySet<Node> {
  const found = new Set<Node>();
  // Consumers come after what they read, so in reverse order they are known first.
  for (const node of graphNodes(graph).reverse()) {
    const passes = KINKED.has(node.op) || (found.has(node) && !LAYERS.has(node.op));
    if (passes) for (const input of node.inputs) found.add(input.node);
  }
  return found;
}
