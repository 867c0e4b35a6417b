// Linear regression by two worker threads, each with half of every batch, one update by the mean of their gradients.
import { compileParallel, createRandom, sgd, tf, valueAndGradients } from '@deepstyle/engine';

const { update } = sgd({ learningRate: 0.1 });
const float32 = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const params = { slope: { ...float32(1), data: new Float32Array(1) } };

const training = await compileParallel(
  {
    gradients({ slope }, { x, y }) {
      const loss = ({ slope }: { slope: tf.Tensor }): tf.Scalar =>
        tf.mean(tf.square(tf.sub(tf.mul(slope, x), y)));
      const { value, gradients } = valueAndGradients(loss, { slope });
      return { gradients, outputs: { loss: value } };
    },
    update: (state, gradients) => ({ params: update(gradients, {}, state.params).params }),
  },
  { state: { params }, batch: { x: float32(8), y: float32(8) } },
  { replicas: 2, threads: 1 },
);

const random = createRandom('line');
for (let step = 0; step < 50; step++) {
  const shares = [0, 1].map(() => {
    const x = random.normal(8);
    return { x, y: x.map((value) => 3 * value) };
  });
  await training.run(shares);
}
const { params: trained } = await training.readState();
console.log(`slope ${trained.slope.data[0]?.toFixed(3)}`);
await training.dispose();
