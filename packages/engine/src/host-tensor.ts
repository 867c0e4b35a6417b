import { DynamicShapeError, ShapeMismatchError } from './errors.ts';

export type DType = 'float32' | 'int32' | 'bool';
export type TensorData = Float32Array | Int32Array | Uint8Array;

/** A tensor in the memory of the host, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TensorData;
}

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Named leaves in nested objects. Flattened, the names are joined with '.': `generator.project.weight`. */
export type Tree<T> = { readonly [name: string]: T | Tree<T> };

/** Element `index` of a list that has it; from the end if negative. */
export function at(list: readonly number[], index: number): number {
  const element = list.at(index);
  if (element === undefined)
    throw new RangeError(`There is no element ${index} of ${list.length}.`);
  return element;
}

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export function createData(dtype: DType, length: number): TensorData {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length);
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** What has a shape and a type: a host tensor, a spec, or a tensor of tfjs. */
interface Typed {
  readonly shape: readonly number[];
  readonly dtype: string;
}

export const describeSpec = ({ shape, dtype }: Typed): string => `${dtype}[${shape.join(', ')}]`;

/** @throws ShapeMismatchError if the tensor is not what the spec says, or its data has another length. */
export function checkTensor(name: string, tensor: HostTensor, spec: TensorSpec): void {
  const right = sameShape(tensor.shape, spec.shape) && tensor.dtype === spec.dtype;
  if (!right) throw new ShapeMismatchError(`'${name}'`, describeSpec(spec), describeSpec(tensor));
  checkData(name, tensor.data, spec);
}

function checkData(name: string, data: TensorData, spec: TensorSpec): void {
  const wanted = elementCount(spec.shape);
  if (data.length !== wanted) {
    throw new ShapeMismatchError(`'${name}'`, `${wanted} elements`, `${data.length}`);
  }
}

const isArrayData = (value: object): value is TensorData => ArrayBuffer.isView(value);

/** A leaf is what has a shape and a dtype, or is a typed array; every other object is a branch. */
function isLeaf<T extends object>(value: T | Tree<T>): value is T {
  if (isArrayData(value)) return true;
  const { shape, dtype } = value as { shape?: unknown; dtype?: unknown };
  return Array.isArray(shape) && typeof dtype === 'string';
}

/** The leaf of a name. @throws ShapeMismatchError */
export function leafOf<T extends object>(tree: Tree<T>, name: string): T {
  const child = tree[name];
  if (child !== undefined && isLeaf(child)) return child;
  throw new ShapeMismatchError(`'${name}'`, 'a tensor', child === undefined ? 'none' : 'a tree');
}

/** The branch of a name. @throws ShapeMismatchError */
export function branchOf<T extends object>(tree: Tree<T>, name: string): Tree<T> {
  const child = tree[name];
  if (child !== undefined && !isLeaf(child)) return child;
  throw new ShapeMismatchError(`'${name}'`, 'a tree', child === undefined ? 'none' : 'a tensor');
}

/** `{a: {b: x}}` becomes `{'a.b': x}`, in the order of the tree. */
export function flattenTree<T extends object>(tree: Tree<T>, prefix = ''): Record<string, T> {
  const flat: Record<string, T> = {};
  for (const [key, child] of Object.entries(tree)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (isLeaf(child)) flat[name] = child;
    else Object.assign(flat, flattenTree(child, name));
  }
  return flat;
}

/** The inverse of flattenTree. With `like`, the result has that tree's structure (names may hold dots). */
export function unflattenTree<T extends object>(
  flat: Readonly<Record<string, T>>,
  like?: Tree<object>,
): Tree<T> {
  if (like !== undefined) return rebuild(flat, like, '');
  const root: Record<string, unknown> = {};
  for (const [name, leaf] of Object.entries(flat)) {
    const path = name.split('.');
    let branch = root;
    for (const key of path.slice(0, -1)) {
      branch[key] ??= {};
      branch = branch[key] as Record<string, unknown>;
    }
    branch[path.at(-1) ?? name] = leaf;
  }
  return root as Tree<T>;
}

function rebuild<T extends object>(
  flat: Readonly<Record<string, T>>,
  like: Tree<object>,
  prefix: string,
): Tree<T> {
  const result: Record<string, T | Tree<T>> = {};
  for (const [key, child] of Object.entries(like)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (!isLeaf(child)) {
      result[key] = rebuild(flat, child, name);
      continue;
    }
    const leaf = flat[name];
    if (leaf === undefined) throw new ShapeMismatchError(`'${name}'`, 'a tensor', 'none');
    result[key] = leaf;
  }
  return result;
}

/** Fits what a caller hands over (typed array or host tensor) to the spec. */
function toHostTensor(name: string, value: HostTensor | TensorData, spec: TensorSpec): HostTensor {
  if (!isArrayData(value)) {
    checkTensor(name, value, spec);
    return value;
  }
  const tensor = { shape: spec.shape, dtype: spec.dtype, data: value };
  if (value.BYTES_PER_ELEMENT !== createData(spec.dtype, 0).BYTES_PER_ELEMENT) {
    throw new ShapeMismatchError(`'${name}'`, `data for ${spec.dtype}`, value.constructor.name);
  }
  checkData(name, value, spec);
  return tensor;
}

/** Every batch tensor against its spec; missing and unknown names are errors. */
export function bindBatch(
  batch: Tree<HostTensor | TensorData>,
  specs: Readonly<Record<string, TensorSpec>>,
): Record<string, HostTensor> {
  const flat = flattenTree<HostTensor | TensorData>(batch);
  const bound: Record<string, HostTensor> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = flat[name];
    if (value === undefined) throw new ShapeMismatchError(`'${name}'`, describeSpec(spec), 'none');
    bound[name] = toHostTensor(name, value, spec);
  }
  for (const name of Object.keys(flat)) {
    if (!(name in specs)) throw new ShapeMismatchError(`'${name}'`, 'no such tensor', 'one');
  }
  return bound;
}

/**
 * What a step returned as its next state against the state that it was given.
 * @throws ShapeMismatchError for the first tensor that is missing, unknown or of another shape or type
 */
export function checkNextState(
  next: Readonly<Record<string, Typed>>,
  state: Readonly<Record<string, Typed>>,
): void {
  for (const [name, spec] of Object.entries(state)) {
    const given = next[name];
    if (given === undefined) throw new ShapeMismatchError(`State '${name}'`, 'a tensor', 'none');
    if (describeSpec(given) !== describeSpec(spec)) {
      throw new ShapeMismatchError(`State '${name}'`, describeSpec(spec), describeSpec(given));
    }
  }
  for (const name of Object.keys(next)) {
    if (!(name in state)) throw new ShapeMismatchError(`State '${name}'`, 'no such tensor', 'one');
  }
}

/**
 * Shapes are fixed when a function is compiled.
 * @throws DynamicShapeError if a size is open (null, -1) or no whole number
 */
export function checkStatic(specs: Readonly<Record<string, TensorSpec>>): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const isFixed = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!isFixed) throw new DynamicShapeError(name, shape);
  }
}
