/** The two losses of the minimax game, in the forms that Goodfellow et al. (2014) train with. Logits are [N]. */
import { tf } from '@deepstyle/engine';

/**
 * Discriminator: -mean(s log sigma(real) + (1 - s) log(1 - sigma(real))) - mean(log(1 - sigma(fake))), where s is the
 * label of real images: 1, or a little less (one-sided label smoothing, Salimans et al. 2016).
 *
 * With softplus(x) = log(1 + e^x): -log sigma(x) = softplus(-x) and -log(1 - sigma(x)) = softplus(x) = x + softplus(-x).
 */
export function discriminatorLoss(real: tf.Tensor1D, fake: tf.Tensor1D, realLabel = 1): tf.Scalar {
  const onReal = tf.add(tf.softplus(tf.neg(real)), tf.mul(real, 1 - realLabel));
  return tf.add(tf.mean(onReal), tf.mean(tf.softplus(fake)));
}

/** Generator, non-saturating: -mean(log sigma(fake)). */
export function generatorLoss(fake: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(fake)));
}
