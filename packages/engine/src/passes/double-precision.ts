import { rewriteGraph } from '../builder.ts';
import type { Builder, ConstantData, Graph, IrType, Node, Spec, Value } from '../graph.ts';
import { binary, binaryScalar, cast } from '../ops.ts';

const widened = (dtype: IrType): IrType => (dtype === 'float32' ? 'float64' : dtype);

const atLeast = (b: Builder, x: Value, bound: number): Value => binaryScalar(b, 'Max', x, bound);
const atMost = (b: Builder, x: Value, bound: number): Value => binaryScalar(b, 'Min', x, bound);

type Replace = (b: Builder, node: Node, x: Value) => Value;

/** What onnxruntime has no kernel in double precision for. */
const REPLACED: Readonly<Record<string, Replace>> = {
  LeakyRelu: (b, { attributes }, x) =>
    binary(
      b,
      'Add',
      atLeast(b, x, 0),
      binaryScalar(b, 'Mul', atMost(b, x, 0), Number(attributes.alpha)),
    ),
  HardSigmoid: (b, { attributes }, x) => {
    const line = binaryScalar(b, 'Mul', x, Number(attributes.alpha));
    return atMost(b, atLeast(b, binaryScalar(b, 'Add', line, Number(attributes.beta)), 0), 1);
  },
};

function widenNode(b: Builder, node: Node, inputs: readonly Value[]): readonly Value[] {
  const specs = node.outputs.map(
    ({ shape, dtype }): Spec => ({ shape, dtype: node.op === 'Input' ? dtype : widened(dtype) }),
  );
  const [spec] = specs as [Spec, ...Spec[]];
  const [x] = inputs;
  const replace = REPLACED[node.op];
  if (replace !== undefined && x !== undefined) return [replace(b, node, x)];
  if (node.op === 'Constant' && spec.dtype === 'float64') {
    const data = Float64Array.from(node.attributes.data as Float32Array) as ConstantData;
    return [b.constant(data, spec)];
  }
  if (node.op === 'Splat') return [b.splat(Number(node.attributes.value), spec)];
  if (node.op === 'Cast') return [cast(b, x as Value, spec.dtype)];
  if (specs.length === 1) return [b.op(node.op, inputs, spec, node.attributes)];
  return b.node(node.op, inputs, specs, node.attributes).outputs;
}

/**
 * The same graph computed in double precision; inputs and outputs stay single. Rounding is then too small to turn an
 * activation over a rectifier's kink or a gradient over zero, so that gradients can be held against another
 * implementation's whatever the batch.
 */
export function doublePrecision(graph: Graph): Graph {
  return rewriteGraph(graph, widenNode, undefined, {
    input: (b, { shape, dtype }, name) => {
      const input = b.input(name, { shape, dtype });
      return dtype === 'float32' ? cast(b, input, 'float64') : input;
    },
    output: (b, { value }) => (value.dtype === 'float64' ? cast(b, value, 'float32') : value),
  });
}
