import type { Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { cast, concat, gather, reduce, reshape, slice, transpose } from '../ops.ts';
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
  const count = at(boxes.shape, 0);
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
    // At most that many rows: the filler behind them makes the slice below static.
    { shape: [maxOutputSize, 3], dtype: 'int64' },
  );
  const filler = b.splat(-1, { shape: [maxOutputSize, 3], dtype: 'int64' });
  const rows = slice(b, concat(b, [chosen, filler], 0), [0, 0], [maxOutputSize, 3]);
  const last = b.constant(BigInt64Array.of(2n), { shape: [1], dtype: 'int64' });
  const indices = cast(b, reshape(b, gather(b, rows, last, 1), [maxOutputSize]), 'int32');
  const zero = b.splat(0, { shape: [], dtype: 'int32' });
  const shape = [maxOutputSize as number];
  const valid = b.op('GreaterOrEqual', [indices, zero], { shape, dtype: 'bool' });
  const found = reduce(b, 'ReduceSum', cast(b, valid, 'int32'), [0]);
  return [b.op('Max', [indices, zero], { shape, dtype: 'int32' }), found];
};

/** The engine's own kernel (roi-align.ts). */
export const ROI_ALIGN = 'RoiAlign';

const NHWC_TO_NCHW = [0, 3, 1, 2];

/** features [N, H, W, C], boxes [N, R, 4] -> [N, R, h, w, C] */
const roiAlign: Kernel = ({ b, inputs, attributes }) => {
  const [features, boxes] = [need(inputs, 'features'), need(inputs, 'boxes')];
  const [n, rois] = boxes.shape as [number, number, number];
  const channels = at(features.shape, 3);
  const { size, spatialScale, samplingRatio, aligned = true } = attributes;
  const images = BigInt64Array.from({ length: n * rois }, (_, i) => BigInt(Math.floor(i / rois)));
  const pooled = b.op(
    'RoiAlign',
    [
      transpose(b, features, NHWC_TO_NCHW),
      reshape(b, boxes, [n * rois, 4]),
      b.constant(images, { shape: [n * rois], dtype: 'int64' }),
    ],
    { shape: [n * rois, channels, ...size], dtype: 'float32' },
    {
      mode: 'avg',
      output_height: size[0],
      output_width: size[1],
      sampling_ratio: samplingRatio,
      spatial_scale: spatialScale,
      coordinate_transformation_mode: aligned ? 'half_pixel' : 'output_half_pixel',
    },
  );
  const split = reshape(b, pooled, [n, rois, channels, ...size]);
  return transpose(b, split, [0, 1, 3, 4, 2]);
};

export const detectionKernels: KernelTable = {
  NonMaxSuppressionV4: paddedNms,
  [ROI_ALIGN]: roiAlign,
};
