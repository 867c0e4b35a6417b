import * as tf from '@tensorflow/tfjs-core';
import {
  constant,
  type Gradient,
  type GradientTable,
  mask,
  only,
  unbroadcast,
} from './gradient.ts';

type OfX = (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor;

/** Gradient of a unary kernel from its input. */
const fromInput = (gradient: OfX): Gradient => ({
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => ({ x: () => gradient(only(dy), saved[0] as tf.Tensor) }),
});

/** Gradient of a unary kernel from its output. */
const fromOutput = (gradient: OfX): Gradient => ({
  outputsToSave: [true],
  gradFunc: (dy, saved) => ({ x: () => gradient(only(dy), saved[0] as tf.Tensor) }),
});

const none: Gradient = { gradFunc: (dy) => ({ x: () => tf.zerosLike(only(dy)) }) };

type OfPair = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Gradient of a binary kernel; broadcast operands get the sum. */
const ofPair = (forA: OfPair, forB: OfPair): Gradient => ({
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    return {
      a: () => unbroadcast(forA(only(dy), a, b), a.shape),
      b: () => unbroadcast(forB(only(dy), a, b), b.shape),
    };
  },
});

const square = (x: tf.Tensor): tf.Tensor => tf.mul(x, x);
const one = (): tf.Scalar => tf.scalar(1);
const isPositive = (x: tf.Tensor): tf.Tensor => constant(() => tf.greater(x, 0));
const asFloat = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'float32');
/** d/dx erf(x) = 2 / sqrt(pi) exp(-x^2) */
const ERF_SLOPE = 2 / Math.sqrt(Math.PI);
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 } as const;

const unaryGradients: GradientTable = {
  Abs: fromInput((dy, x) =>
    tf.mul(
      dy,
      constant(() => tf.sign(x)),
    ),
  ),
  Acos: fromInput((dy, x) => tf.neg(tf.div(dy, tf.sqrt(tf.sub(one(), square(x)))))),
  Acosh: fromInput((dy, x) => tf.div(dy, tf.sqrt(tf.sub(square(x), one())))),
  Asin: fromInput((dy, x) => tf.div(dy, tf.sqrt(tf.sub(one(), square(x))))),
  Asinh: fromInput((dy, x) => tf.div(dy, tf.sqrt(tf.add(square(x), one())))),
  Atan: fromInput((dy, x) => tf.div(dy, tf.add(square(x), one()))),
  Atanh: fromInput((dy, x) => tf.div(dy, tf.sub(one(), square(x)))),
  Cos: fromInput((dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  Cosh: fromInput((dy, x) => tf.mul(dy, tf.sinh(x))),
  Elu: fromOutput((dy, y) =>
    tf.mul(dy, tf.where(isPositive(y), tf.ones(y.shape), tf.add(y, one()))),
  ),
  Erf: fromInput((dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(square(x))), tf.scalar(ERF_SLOPE)))),
  Exp: fromOutput((dy, y) => tf.mul(dy, y)),
  Expm1: fromOutput((dy, y) => tf.mul(dy, tf.add(y, one()))),
  Log: fromInput((dy, x) => tf.div(dy, x)),
  Log1p: fromInput((dy, x) => tf.div(dy, tf.add(x, one()))),
  Neg: { gradFunc: (dy) => ({ x: () => tf.neg(only(dy)) }) },
  Reciprocal: fromOutput((dy, y) => tf.neg(tf.mul(dy, square(y)))),
  // From the output, so that the input need not be kept.
  Relu: fromOutput((dy, y) =>
    tf.mul(
      dy,
      constant(() => tf.step(y)),
    ),
  ),
  Relu6: fromInput((dy, x) => {
    const inside = constant(() => tf.mul(asFloat(tf.lessEqual(x, 6)), tf.step(x)));
    return tf.mul(dy, inside);
  }),
  Rsqrt: fromOutput((dy, y) => tf.mul(dy, tf.mul(tf.scalar(-0.5), tf.mul(y, square(y))))),
  Selu: fromOutput((dy, y) => {
    const below = tf.add(y, tf.scalar(SELU.scale * SELU.alpha));
    return tf.mul(dy, tf.where(isPositive(y), tf.fill(y.shape, SELU.scale), below));
  }),
  Sigmoid: fromOutput((dy, y) => tf.mul(dy, tf.mul(y, tf.sub(one(), y)))),
  Sin: fromInput((dy, x) => tf.mul(dy, tf.cos(x))),
  Sinh: fromInput((dy, x) => tf.mul(dy, tf.cosh(x))),
  Softplus: fromInput((dy, x) => tf.mul(dy, tf.sigmoid(x))),
  Sqrt: fromOutput((dy, y) => tf.div(dy, tf.mul(tf.scalar(2), y))),
  Square: fromInput((dy, x) => tf.mul(dy, tf.mul(tf.scalar(2), x))),
  Tan: fromInput((dy, x) => tf.div(dy, square(tf.cos(x)))),
  Tanh: fromOutput((dy, y) => tf.mul(dy, tf.sub(one(), square(y)))),
  Ceil: none,
  Floor: none,
  Round: none,
  Sign: none,
  Step: none,
  ZerosLike: none,
  OnesLike: none,
  Identity: { gradFunc: (dy) => ({ x: () => tf.cast(only(dy), 'float32') }) },
  Cast: { gradFunc: (dy) => ({ x: () => tf.cast(only(dy), 'float32') }) },
};

/** Which side of Maximum/Minimum took part: ties go to `a`, as in tfjs. */
const where = (dy: tf.Tensor, condition: () => tf.Tensor): tf.Tensor => tf.mul(dy, mask(condition));

const binaryGradients: GradientTable = {
  Add: ofPair(
    (dy) => dy,
    (dy) => dy,
  ),
  Sub: ofPair(
    (dy) => dy,
    (dy) => tf.neg(dy),
  ),
  Multiply: ofPair(
    (dy, _a, b) => tf.mul(dy, asFloat(b)),
    (dy, a) => tf.mul(dy, asFloat(a)),
  ),
  RealDiv: ofPair(
    (dy, _a, b) => tf.div(dy, asFloat(b)),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, asFloat(a)), asFloat(square(b)))),
  ),
  Maximum: ofPair(
    (dy, a, b) => where(dy, () => tf.greaterEqual(a, b)),
    (dy, a, b) => where(dy, () => tf.less(a, b)),
  ),
  Minimum: ofPair(
    (dy, a, b) => where(dy, () => tf.lessEqual(a, b)),
    (dy, a, b) => where(dy, () => tf.greater(a, b)),
  ),
  SquaredDifference: ofPair(
    (dy, a, b) => tf.mul(dy, tf.mul(tf.scalar(2), tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.scalar(2), tf.sub(b, a))),
  ),
  // log of a base that is not positive counts as 0, as in tfjs.
  Pow: ofPair(
    (dy, a, b) =>
      tf.mul(dy, tf.mul(asFloat(b), tf.pow(a, tf.sub(b, tf.scalar(1, b.dtype as 'float32'))))),
    (dy, a, b) => {
      const positive = isPositive(a);
      const logarithm = tf.log(tf.where(positive, a, tf.ones(a.shape)));
      return tf.mul(dy, tf.mul(tf.pow(a, b), logarithm));
    },
  ),
};

export const elementwiseGradients: GradientTable = {
  ...unaryGradients,
  ...binaryGradients,
  AddN: {
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, index) => [index, () => only(dy)])),
  },
  LeakyRelu: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      // For alpha > 0 the sign of the input tells the slope.
      x: () => {
        const slope = constant(() => tf.step(x as tf.Tensor, attributes.alpha));
        return tf.mul(only(dy), slope);
      },
    }),
  },
  Prelu: {
    inputsToSave: ['x', 'alpha'],
    gradFunc: (dy, saved) => {
      const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
      const positive = isPositive(x);
      const zeros = () => tf.zeros(only(dy).shape);
      return {
        x: () => tf.where(positive, only(dy), tf.mul(only(dy), alpha)),
        alpha: () => unbroadcast(tf.where(positive, zeros(), tf.mul(only(dy), x)), alpha.shape),
      };
    },
  },
  ClipByValue: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { clipValueMin, clipValueMax }: { clipValueMin: number; clipValueMax: number } =
        attributes;
      const inside = () =>
        tf.logicalAnd(
          tf.greaterEqual(x as tf.Tensor, clipValueMin),
          tf.lessEqual(x as tf.Tensor, clipValueMax),
        );
      return { x: () => where(only(dy), inside) };
    },
  },
  Select: {
    inputsToSave: ['condition'],
    gradFunc: (dy, [condition]) => {
      const chosen = constant(() => tf.cast(condition as tf.Tensor, 'bool'));
      const zeros = () => tf.zeros(only(dy).shape);
      return {
        condition: () => tf.zeros((condition as tf.Tensor).shape),
        t: () => tf.where(chosen, only(dy), zeros()),
        e: () => tf.where(chosen, zeros(), only(dy)),
      };
    },
  },
};
