import {
  type Attribute,
  type ConstantData,
  type Graph,
  graphNodes,
  type IrType,
  type NamedValue,
  type Node,
  type Value,
} from '../graph.ts';
import { elementCount } from '../host-tensor.ts';
import { type Emitted, emitNode, ONNX_TYPE } from './emit-node.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const OPSET = 18;
const IR_VERSION = 9;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

export interface Initializer {
  readonly shape: readonly number[];
  readonly dtype: IrType;
  readonly data: ConstantData;
}

export interface EncodeOptions {
  /** Graph inputs that become constants of the model, by input name. */
  readonly initializers?: Readonly<Record<string, Initializer>>;
  /** Only operators of the ONNX standard, none of onnxruntime's own. */
  readonly standard?: boolean;
  /** Sizes of the axes of inputs and outputs, by name, where they are not fixed: those that are open have names. */
  readonly dimensions?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Attributes that are float even where their value is whole. */
const FLOAT_ATTRIBUTES = new Set([
  'alpha',
  'beta',
  'epsilon',
  'gamma',
  'spatial_scale',
  'momentum',
]);

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.text(1, name);
  if (typeof value === 'string') {
    writer.text(4, value).integer(20, ATTRIBUTE_TYPE.string);
  } else if (typeof value === 'number' && FLOAT_ATTRIBUTES.has(name)) {
    writer.float(2, value).integer(20, ATTRIBUTE_TYPE.float);
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    writer.integer(3, Number(value)).integer(20, ATTRIBUTE_TYPE.int);
  } else {
    for (const item of value) writer.integer(8, item);
    writer.integer(20, ATTRIBUTE_TYPE.ints);
  }
}

function writeTensor(writer: ProtobufWriter, name: string, tensor: Initializer): void {
  for (const size of tensor.shape) writer.integer(1, size);
  const { buffer, byteOffset, byteLength } = tensor.data;
  writer
    .integer(2, ONNX_TYPE[tensor.dtype])
    .text(8, name)
    .bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function writeNode(writer: ProtobufWriter, emitted: Emitted, name: string): void {
  for (const input of emitted.inputs) writer.text(1, input);
  for (const output of emitted.outputs) writer.text(2, output);
  writer.text(3, name).text(4, emitted.op);
  for (const [attribute, value] of Object.entries(emitted.attributes)) {
    writer.message(5, (inner) => writeAttribute(inner, attribute, value));
  }
  if (emitted.domain !== undefined) writer.text(7, emitted.domain);
}

function writeValueInfo(
  writer: ProtobufWriter,
  { value, name }: NamedValue,
  dimensions: readonly (number | string)[] = value.shape,
): void {
  writer.text(1, name);
  // onnxruntime infers the type of a sequence.
  if (value.node.op === 'SequenceConstruct') return;
  writer.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.integer(1, ONNX_TYPE[value.dtype]);
      tensor.message(2, (shape) => {
        for (const size of dimensions) {
          shape.message(1, (dimension) => {
            if (typeof size === 'string') dimension.text(2, size);
            else dimension.integer(1, size);
          });
        }
      });
    }),
  );
}

function splatData(value: Value): Initializer {
  const element = Number(value.node.attributes.value);
  const length = elementCount(value.shape);
  const { shape, dtype } = value;
  if (dtype === 'float32') return { shape, dtype, data: new Float32Array(length).fill(element) };
  if (dtype === 'float64') return { shape, dtype, data: new Float64Array(length).fill(element) };
  if (dtype === 'int32') return { shape, dtype, data: new Int32Array(length).fill(element) };
  if (dtype === 'bool') return { shape, dtype, data: new Uint8Array(length).fill(element) };
  return { shape, dtype, data: new BigInt64Array(length).fill(BigInt(element)) };
}

const SCALAR: Readonly<Partial<Record<IrType, (value: number) => ConstantData>>> = {
  float32: (value) => Float32Array.of(value),
  float64: (value) => Float64Array.of(value),
};

/** Uniform tensors above this size are made by the graph instead of stored in the file. */
const MAX_STORED_SPLAT = 64;

const SOURCES = new Set(['Input', 'Constant', 'Splat']);

class GraphEncoder {
  readonly #options: EncodeOptions;
  readonly #names = new Map<Value, string>();
  readonly #initializers = new Map<string, Initializer>();
  readonly #nodes: { emitted: Emitted; name: string }[] = [];
  #count = 0;

  constructor(options: EncodeOptions) {
    this.#options = options;
  }

  #name(value: Value): string {
    const name = this.#names.get(value) ?? `v${this.#count++}`;
    this.#names.set(value, name);
    return name;
  }

  #integers(values: readonly number[]): string {
    const name = `i64_${values.join('_')}`;
    const data = BigInt64Array.from(values, BigInt);
    this.#initializers.set(name, { shape: [values.length], dtype: 'int64', data });
    return name;
  }

  #scalar(value: number, dtype: IrType): string {
    const name = `${dtype}_${value}`;
    const data = SCALAR[dtype]?.(value) ?? Int32Array.of(value);
    this.#initializers.set(name, { shape: [], dtype, data });
    return name;
  }

  #node(node: Node): void {
    const [output] = node.outputs as [Value];
    if (node.op === 'Input') return;
    if (node.op === 'Constant') {
      const data = node.attributes.data as ConstantData;
      this.#initializers.set(this.#name(output), {
        shape: output.shape,
        dtype: output.dtype,
        data,
      });
      return;
    }
    if (node.op === 'Splat' && elementCount(output.shape) <= MAX_STORED_SPLAT) {
      this.#initializers.set(this.#name(output), splatData(output));
      return;
    }
    const emitted = emitNode(node, {
      name: (value) => this.#name(value),
      integers: (values) => this.#integers(values),
      scalar: (value, dtype) => this.#scalar(value, dtype),
      temporary: () => `t${this.#count++}`,
      standard: this.#options.standard ?? false,
    });
    for (const [index, part] of emitted.entries()) {
      this.#nodes.push({ emitted: part, name: `${node.op}_${output.id}_${index}` });
    }
  }

  encode(graph: Graph): Uint8Array {
    const { initializers = {}, dimensions = {}, metadata = {} } = this.#options;
    const nodes = graphNodes(graph);
    const used = new Set(nodes);
    for (const { name, value } of graph.inputs) {
      this.#names.set(value, name);
      const initializer = initializers[name];
      // A parameter that no output needs has no place in the file.
      if (initializer !== undefined && used.has(value.node)) {
        this.#initializers.set(name, initializer);
      }
    }
    const renamed: NamedValue[] = [];
    for (const output of graph.outputs) {
      // A computed value takes the output's name itself; an input, a constant or a second name needs a copy.
      const free = !this.#names.has(output.value) && !SOURCES.has(output.value.node.op);
      if (free) this.#names.set(output.value, output.name);
      else renamed.push(output);
    }
    for (const node of nodes) this.#node(node);
    for (const { name, value } of renamed) {
      const emitted = {
        op: 'Identity',
        inputs: [this.#name(value)],
        outputs: [name],
        attributes: {},
      };
      this.#nodes.push({ emitted, name: `output_${name}` });
    }
    const model = new ProtobufWriter().integer(1, IR_VERSION).text(2, 'deepstyle-engine');
    model.message(7, (writer) => {
      for (const { emitted, name } of this.#nodes) {
        writer.message(1, (inner) => writeNode(inner, emitted, name));
      }
      writer.text(2, 'graph');
      for (const [name, tensor] of this.#initializers) {
        writer.message(5, (inner) => writeTensor(inner, name, tensor));
      }
      for (const input of graph.inputs) {
        if (input.name in initializers) continue;
        writer.message(11, (inner) => writeValueInfo(inner, input, dimensions[input.name]));
      }
      for (const output of graph.outputs) {
        writer.message(12, (inner) => writeValueInfo(inner, output, dimensions[output.name]));
      }
    });
    model.message(8, (opset) => opset.text(1, '').integer(2, OPSET));
    if (!this.#options.standard) model.message(8, (o) => o.text(1, 'com.microsoft').integer(2, 1));
    for (const [key, value] of Object.entries(metadata)) {
      model.message(14, (entry) => entry.text(1, key).text(2, value));
    }
    return model.finish();
  }
}

/** The graph as the bytes of an ONNX model (opset 18). */
export const encodeOnnx = (graph: Graph, options: EncodeOptions = {}): Uint8Array =>
  new GraphEncoder(options).encode(graph);
