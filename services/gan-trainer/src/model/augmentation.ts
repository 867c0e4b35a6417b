/**
 * Differentiable augmentation (Zhao et al. 2020): the discriminator sees real and generated images only after the same
 * kind of random change, and the generator's gradient passes through it. On a few thousand images it keeps the
 * discriminator from learning them by heart. Of the paper's policy: color and translation; without its cutout, whose
 * gray squares would take half of a garment. Shape shorthand: normalization.ts.
 */
import { tf } from '@deepstyle/engine';
import { IMAGE_SIZE } from './generator.ts';

const ROW = IMAGE_SIZE * 3;

/** What is done to each image, [N] each. */
export interface Augmentation {
  /** Pixels that the image moves to the left; whole numbers. */
  readonly shiftX: tf.Tensor;
  /** Pixels that it moves up. */
  readonly shiftY: tf.Tensor;
  /** Added to every channel. */
  readonly brightness: tf.Tensor;
  /** Factor of the distance to the pixel's mean over channels. */
  readonly saturation: tf.Tensor;
  /** Factor of the distance to the image's mean. */
  readonly contrast: tf.Tensor;
}

/** Images [N, 64, 64, 3] -> the same shape. */
export function augment(images: tf.Tensor4D, change: Augmentation): tf.Tensor4D {
  return translate(recolor(images, change), change);
}

function recolor(
  images: tf.Tensor4D,
  { brightness, saturation, contrast }: Augmentation,
): tf.Tensor4D {
  const perImage = (values: tf.Tensor) => tf.reshape(values, [-1, 1, 1, 1]);
  let x: tf.Tensor = tf.add(images, perImage(brightness));
  const gray = tf.mean(x, [3], true); // [N, 64, 64, 1]
  x = tf.add(tf.mul(tf.sub(x, gray), perImage(saturation)), gray);
  const level = tf.mean(x, [1, 2, 3], true); // [N, 1, 1, 1]
  return tf.add(tf.mul(tf.sub(x, level), perImage(contrast)), level);
}

/**
 * Moves each image by its own whole number of pixels; the rim fills what comes free. As two matrix products, whose
 * gradients are matrix products again: a gather's would be a scatter.
 */
function translate(images: tf.Tensor4D, { shiftX, shiftY }: Augmentation): tf.Tensor4D {
  const count = images.shape[0];
  const rows = tf.reshape(images, [count, IMAGE_SIZE, ROW]); // [N, H, W*3]
  const moved = tf.matMul(
    tf.matMul(selection(shiftY), rows),
    perChannel(selection(shiftX)),
    false,
    true,
  );
  return tf.reshape(moved, [count, IMAGE_SIZE, IMAGE_SIZE, 3]);
}

/** One-hot rows: place i takes what stands at i + shift, or at the rim. [N] -> [N, 64, 64] */
function selection(shift: tf.Tensor): tf.Tensor3D {
  const places = tf.range(0, IMAGE_SIZE); // [64]
  const from = tf.clipByValue(
    tf.add(tf.reshape(places, [1, IMAGE_SIZE, 1]), tf.reshape(shift, [-1, 1, 1])),
    0,
    IMAGE_SIZE - 1,
  ); // [N, 64, 1]
  return tf.cast(tf.equal(from, tf.reshape(places, [1, 1, IMAGE_SIZE])), 'float32');
}

/** The same selection for rows of pixels with three channels each. [N, 64, 64] -> [N, 192, 192] */
function perChannel(chosen: tf.Tensor3D): tf.Tensor3D {
  const spread = tf.reshape(chosen, [-1, IMAGE_SIZE, 1, IMAGE_SIZE, 1]);
  const same = tf.reshape(tf.eye(3), [1, 1, 3, 1, 3]);
  return tf.reshape(tf.mul(spread, same), [-1, ROW, ROW]);
}
