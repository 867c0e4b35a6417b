import type { Attribute, Attributes, IrType, Node, Value } from '../graph.ts';

/** One ONNX node, inputs and outputs by name. */
export interface Emitted {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
  readonly domain?: string;
}

export interface EmitContext {
  name(value: Value): string;
  /** The name of a constant int64 vector. */
  integers(values: readonly number[]): string;
  scalar(value: number, dtype: IrType): string;
  temporary(): string;
  readonly standard: boolean;
}

type Emit = (node: Node, context: EmitContext) => Emitted[];

/** TensorProto.DataType */
export const ONNX_TYPE: Readonly<Record<IrType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

const numbers = (node: Node, name: string) => node.attributes[name] as readonly number[];

const names = (node: Node, c: EmitContext) => ({
  inputs: node.inputs.map((input) => c.name(input)),
  outputs: node.outputs.map((output) => c.name(output)),
});

const withShape: Emit = (node, c) => {
  const { inputs, outputs } = names(node, c);
  const shape = c.integers(numbers(node, 'shape'));
  return [{ op: node.op, inputs: [...inputs, shape], outputs, attributes: {} }];
};

const reduceNode: Emit = (node, c) => {
  const { inputs, outputs } = names(node, c);
  const attributes = { keepdims: node.attributes.keepdims as Attribute };
  return [
    { op: node.op, inputs: [...inputs, c.integers(numbers(node, 'axes'))], outputs, attributes },
  ];
};

const sliceNode: Emit = (node, c) => {
  const { inputs, outputs } = names(node, c);
  const parts = ['starts', 'ends', 'axes', 'steps'].map((part) => c.integers(numbers(node, part)));
  return [{ op: 'Slice', inputs: [...inputs, ...parts], outputs, attributes: {} }];
};

const padNode: Emit = (node, c) => {
  const { inputs, outputs } = names(node, c);
  const [x] = node.inputs as [Value];
  const value = c.scalar(Number(node.attributes.value), x.dtype);
  const attributes = { mode: node.attributes.mode as Attribute };
  const all = [...inputs, c.integers(numbers(node, 'pads')), value];
  return [{ op: 'Pad', inputs: all, outputs, attributes }];
};

const matmulNode: Emit = (node, c) => {
  const { inputs, outputs } = names(node, c);
  const { transA, transB } = node.attributes;
  if (!transA && !transB) return [{ op: 'MatMul', inputs, outputs, attributes: {} }];
  // onnxruntime's own product is for single precision.
  if (!c.standard && node.outputs[0]?.dtype === 'float32') {
    const attributes = { transA: Number(transA), transB: Number(transB) };
    return [{ op: 'FusedMatMul', inputs, outputs, attributes, domain: 'com.microsoft' }];
  }
  const emitted: Emitted[] = [];
  const factors = node.inputs.map((input, side) => {
    if (!(side === 0 ? transA : transB)) return inputs[side] as string;
    const rank = input.shape.length;
    const perm = input.shape.map((_, axis) => axis);
    perm.splice(rank - 2, 2, rank - 1, rank - 2);
    const turned = c.temporary();
    emitted.push({
      op: 'Transpose',
      inputs: [inputs[side] as string],
      outputs: [turned],
      attributes: { perm },
    });
    return turned;
  });
  return [...emitted, { op: 'MatMul', inputs: factors, outputs, attributes: {} }];
};

/** A large uniform tensor: a scalar, broadcast. */
const splatNode: Emit = (node, c) => {
  const [output] = node.outputs as [Value];
  const element = Number(node.attributes.value);
  const shape = c.integers(output.shape);
  if (output.dtype !== 'int64' && output.dtype !== 'bool') {
    const inputs = [c.scalar(element, output.dtype), shape];
    return [{ op: 'Expand', inputs, outputs: [c.name(output)], attributes: {} }];
  }
  const wide = c.temporary();
  return [
    { op: 'Expand', inputs: [c.scalar(element, 'int32'), shape], outputs: [wide], attributes: {} },
    {
      op: 'Cast',
      inputs: [wide],
      outputs: [c.name(output)],
      attributes: { to: ONNX_TYPE[output.dtype] },
    },
  ];
};

/** The operation `op` with shapes as inputs, known when the model runs (open-batch.ts). */
const withShapeInputs =
  (op: string): Emit =>
  (node, c) => [{ op, ...names(node, c), attributes: {} }];

const SPECIAL: Readonly<Record<string, Emit>> = {
  Splat: splatNode,
  DynamicReshape: withShapeInputs('Reshape'),
  DynamicExpand: withShapeInputs('Expand'),
  DynamicSlice: withShapeInputs('Slice'),
  DynamicTile: withShapeInputs('Tile'),
  Reshape: withShape,
  Expand: withShape,
  Slice: sliceNode,
  Pad: padNode,
  MatMul: matmulNode,
  ReduceSum: reduceNode,
  ReduceMean: reduceNode,
  ReduceMax: reduceNode,
  ReduceMin: reduceNode,
  ReduceProd: reduceNode,
  ReduceSumSquare: reduceNode,
  ReduceL2: reduceNode,
  Cast: (node, c) => {
    const to = ONNX_TYPE[node.attributes.to as IrType];
    return [{ op: 'Cast', ...names(node, c), attributes: { to } }];
  },
  Tile: (node, c) => {
    const { inputs, outputs } = names(node, c);
    const repeats = c.integers(numbers(node, 'repeats'));
    return [{ op: 'Tile', inputs: [...inputs, repeats], outputs, attributes: {} }];
  },
};

/** ONNX nodes for one node of the graph. Attribute `domain` names an operator set other than ONNX's. */
export const emitNode: Emit = (node, context) => {
  const special = SPECIAL[node.op];
  if (special !== undefined) return special(node, context);
  const { domain, ...attributes } = node.attributes;
  const emitted = { op: node.op, ...names(node, context), attributes };
  return [domain === undefined ? emitted : { ...emitted, domain: String(domain) }];
};
