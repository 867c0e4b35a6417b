/**
 * The elements of small values that no input of the graph decides, such as sizes computed from shapes. Networks in
 * TensorFlow's graph format compute the shapes that they ask for by tensors and read them; so does model code that
 * reads a constant of its own.
 */
import {
  type Attributes,
  type ConstantData,
  type IrType,
  splatValue,
  type Value,
} from './graph.ts';
import { at, createData, elementCount, type TensorData } from './host-tensor.ts';

/** More than any shape or list of axes has. */
const MAX_ELEMENTS = 256;

type Shape = readonly number[];
type Position = readonly number[];

interface Known {
  readonly shape: Shape;
  readonly dtype: IrType;
  readonly numbers: readonly number[];
}

interface Output {
  readonly shape: Shape;
  readonly dtype: IrType;
  readonly attributes: Attributes;
}

type Evaluate = (inputs: readonly Known[], output: Output) => number[];

const truth = (condition: boolean): number => (condition ? 1 : 0);

/** Row-major. */
function positionsOf(shape: Shape): Position[] {
  return Array.from({ length: elementCount(shape) }, (_, index) => {
    const position: number[] = [];
    let rest = index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[axis] = rest % at(shape, axis);
      rest = Math.floor(rest / at(shape, axis));
    }
    return position;
  });
}

/** The element for a position of a result to which `known` is broadcast. */
function elementAt({ shape, numbers }: Known, position: Position): number {
  const first = position.length - shape.length;
  const index = shape.reduce(
    (sum, size, axis) => sum * size + (size === 1 ? 0 : at(position, first + axis)),
    0,
  );
  return at(numbers, index);
}

/** Rounds as the graph does. */
function rounded(value: number, dtype: IrType): number {
  if (dtype === 'float32') return Math.fround(value);
  return dtype === 'bool' ? truth(value !== 0) : Math.trunc(value);
}

const elementwise =
  (compute: (...elements: number[]) => number): Evaluate =>
  (inputs, { shape, dtype }) =>
    positionsOf(shape).map((position) =>
      rounded(compute(...inputs.map((input) => elementAt(input, position))), dtype),
    );

const first: Evaluate = ([x]) => [...(x as Known).numbers];

const slice: Evaluate = ([x], { shape, attributes }) => {
  const { axes, starts, steps } = attributes as Record<string, Shape>;
  return positionsOf(shape).map((position) => {
    const source = [...position];
    for (const [i, axis] of (axes as Shape).entries()) {
      source[axis] = at(starts as Shape, i) + at(position, axis) * at(steps as Shape, i);
    }
    return elementAt(x as Known, source);
  });
};

const concat: Evaluate = (inputs, { shape, attributes }) => {
  const axis = Number(attributes.axis);
  return positionsOf(shape).map((position) => {
    let place = at(position, axis);
    const part = inputs.find((input) => {
      const size = at(input.shape, axis);
      if (place < size) return true;
      place -= size;
      return false;
    });
    return elementAt(part as Known, position.with(axis, place));
  });
};

const EVALUATE: Readonly<Record<string, Evaluate>> = {
  Reshape: first,
  Slice: slice,
  Concat: concat,
  Expand: elementwise((x = 0) => x),
  Cast: elementwise((x = 0) => x),
  Neg: elementwise((x = 0) => -x),
  Not: elementwise((x = 0) => truth(x === 0)),
  Add: elementwise((x = 0, y = 0) => x + y),
  Sub: elementwise((x = 0, y = 0) => x - y),
  Mul: elementwise((x = 0, y = 0) => x * y),
  Div: elementwise((x = 0, y = 0) => x / y),
  Min: elementwise(Math.min),
  Max: elementwise(Math.max),
  Equal: elementwise((x = 0, y = 0) => truth(x === y)),
  Less: elementwise((x = 0, y = 0) => truth(x < y)),
  LessOrEqual: elementwise((x = 0, y = 0) => truth(x <= y)),
  Greater: elementwise((x = 0, y = 0) => truth(x > y)),
  GreaterOrEqual: elementwise((x = 0, y = 0) => truth(x >= y)),
  And: elementwise((x = 0, y = 0) => truth(x !== 0 && y !== 0)),
  Or: elementwise((x = 0, y = 0) => truth(x !== 0 || y !== 0)),
  Xor: elementwise((x = 0, y = 0) => truth(x !== y)),
};

/** The elements of a value; undefined where an input decides them, or they are too many or not of a known operation. */
export function knownNumbers(value: Value): TensorData | undefined {
  if (value.dtype === 'int64' || value.dtype === 'float64') return undefined;
  const known = evaluate(value, new Map());
  if (known === undefined) return undefined;
  const data = createData(value.dtype, known.numbers.length);
  data.set(known.numbers);
  return data;
}

function evaluate(value: Value, seen: Map<Value, Known | undefined>): Known | undefined {
  if (seen.has(value)) return seen.get(value);
  const numbers = numbersOf(value, seen);
  const { shape, dtype } = value;
  const known = numbers === undefined ? undefined : { shape, dtype, numbers };
  seen.set(value, known);
  return known;
}

function numbersOf(value: Value, seen: Map<Value, Known | undefined>): number[] | undefined {
  const { node, shape, dtype } = value;
  if (elementCount(shape) > MAX_ELEMENTS) return undefined;
  const uniform = splatValue(value);
  if (uniform !== undefined) return Array.from({ length: elementCount(shape) }, () => uniform);
  if (node.op === 'Constant') return Array.from(node.attributes.data as ConstantData, Number);
  const run = EVALUATE[node.op];
  if (run === undefined) return undefined;
  const inputs: Known[] = [];
  for (const input of node.inputs) {
    const known = evaluate(input, seen);
    if (known === undefined) return undefined;
    inputs.push(known);
  }
  return run(inputs, { shape, dtype, attributes: node.attributes });
}
