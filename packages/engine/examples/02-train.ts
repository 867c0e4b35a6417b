// Learns which points of a square lie in a circle: network, gradients and Adam become one graph.
import { adam, compileStep, createRandom, tf, valueAndGradients } from '@deepstyle/engine';

const float32 = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const random = createRandom('circle');
const draw = (m: number, n: number) => ({ ...float32(m, n), data: random.normal(m * n) });
const params = { hidden: draw(2, 16), bias: draw(1, 16), output: draw(16, 1) };
const { init, update } = adam({ learningRate: 0.02 });
const state = { params, slots: init(params) };
const batch = { points: float32(64, 2), labels: float32(64, 1) };

const training = await compileStep(
  ({ params, slots }, { points, labels }) => {
    const { value, gradients } = valueAndGradients(({ hidden, bias, output }) => {
      const features = tf.tanh(tf.add(tf.matMul(points, hidden), bias)); // [64, 16]
      const logits = tf.matMul(features, output); // [64, 1]
      return tf.mean(tf.sub(tf.softplus(logits), tf.mul(labels, logits))); // cross entropy
    }, params);
    return { state: update(gradients, slots, params), outputs: { loss: value } };
  },
  { state, batch },
);
for (let step = 0; step <= 300; step++) {
  const points = random.uniform(128, -1, 1);
  const isInside = (i: number) => Math.hypot(...points.slice(2 * i, 2 * i + 2)) < 0.7;
  const labels = new Float32Array(64).map((_, i) => Number(isInside(i)));
  const { loss } = await training.run({ points, labels });
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss?.data[0]?.toFixed(3)}`);
}
await training.dispose();
