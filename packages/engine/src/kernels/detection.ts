import type { Value } from '../graph.ts';
import { cast, gather, reduce, reshape, slice } from '../ops.ts';
import { type Kernel, type KernelTable, need } from './kernel.ts';

const integer = (b: Parameters<Kernel>[0]['b'], value: number): Value =>
  b.constant(BigInt64Array.of(BigInt(value)), { shape: [1], dtype: 'int64' });

/**
 * tf.image.nonMaxSuppressionPadded: boxes [M, 4] (y1 x1 y2 x2), scores [M] -> indices padded with 0 to
 * `maxOutputSize`, and how many are valid. Only the padded form has a static shape.
 */
const paddedNms: Kernel = ({ b, inputs, attributes, fail }) => {
  const { maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize } = attributes;
  if (!padToMaxOutputSize) fail('needs padToMaxOutputSize, else its shape depends on the data');
  const [boxes, scores] = [need(inputs, 'boxes'), need(inputs, 'scores')];
  const count = boxes.shape[0] as number;
  const float = (value: number) => b.splat(value, { shape: [1], dtype: 'float32' });
  const chosen = b.op(
    'NonMaxSuppression',
    [
      reshape(b, boxes, [1, count, 4]),
      reshape(b, scores, [1, 1, count]),
      integer(b, maxOutputSize),
      float(iouThreshold),
      float(Number.isFinite(scoreThreshold) ? scoreThreshold : -3e38),
    ],
    // The real number of rows is dynamic; the filler behind it makes the slice below static.
    { shape: [0, 3], dtype: 'int64' },
  );
  const filler = b.splat(-1, { shape: [maxOutputSize, 3], dtype: 'int64' });
  const spec = { shape: [2 * maxOutputSize, 3], dtype: 'int64' as const };
  const all = b.node('Concat', [chosen, filler], [spec], { axis: 0 }).outputs[0] as Value;
  const rows = slice(b, all, [0, 0], [maxOutputSize, 3]);
  const last = b.constant(BigInt64Array.of(2n), { shape: [1], dtype: 'int64' });
  const indices = cast(b, reshape(b, gather(b, rows, last, 1), [maxOutputSize]), 'int32');
  const zero = b.splat(0, { shape: [], dtype: 'int32' });
  const shape = [maxOutputSize as number];
  const valid = b.op('GreaterOrEqual', [indices, zero], { shape, dtype: 'bool' });
  const found = reduce(b, 'ReduceSum', cast(b, valid, 'int32'), [0]);
  return [b.op('Max', [indices, zero], { shape, dtype: 'int32' }), found];
};

export const detectionKernels: KernelTable = { NonMaxSuppressionV4: paddedNms };
