/** Networks in TensorFlow.js's graph format through ONNX, against tfjs's own execution of them. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  compileGraphModel,
  GraphModelError,
  type GraphModelFiles,
  type HostTensor,
  tf,
} from '../src/index.ts';
import { type Attributes, attribute, GraphModelWriter } from './graph-model-files.ts';
import { errorBetween } from './parity.ts';

const { flag, integer, integers, text, texts, type } = attribute;
const FLOAT = { T: type('FLOAT') };
const INT = { T: type('INT32') };
const SIZE = 16;

const windows = (stride: number): Attributes => ({
  ...FLOAT,
  strides: integers(1, stride, stride, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text('SAME'),
  data_format: text('NHWC'),
  explicit_paddings: integers(),
});
const fused = (stride: number): Attributes => ({
  ...windows(stride),
  fused_ops: texts('BiasAdd', 'Relu6'),
  num_args: integer(1),
});
const masks = (shrink: number): Attributes => ({
  ...INT,
  shrink_axis_mask: integer(shrink),
  ...Object.fromEntries(
    ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask'].map((name) => [name, integer(0)]),
  ),
});

/** A mobile network's first layers: bytes [1, H, W, 3] -> heat [1, h, w, 2]. */
function writeBackbone(w: GraphModelWriter): void {
  w.input('image', [1, -1, -1, 3], 'INT32');
  w.node('float', 'Cast', ['image'], { SrcT: type('INT32'), DstT: type('FLOAT') });
  w.node('scaled', 'Mul', ['float', w.floats('scale', [1 / 127.5], [])], FLOAT);
  w.node('centered', 'Sub', ['scaled', w.floats('one', [1], [])], FLOAT);
  const first = [w.drawn('conv/w', 3, 3, 3, 8), w.drawn('conv/b', 8)];
  w.node('conv', '_FusedConv2D', ['centered', ...first], fused(2));
  const second = [w.drawn('dw/w', 3, 3, 8, 1), w.drawn('dw/b', 8)];
  w.node('dw', 'FusedDepthwiseConv2dNative', ['conv', ...second], fused(1));
  w.node(
    'separable',
    'DepthwiseConv2dNative',
    ['dw', w.drawn('separable/w', 3, 3, 8, 1)],
    windows(2),
  );
  w.node(
    'pointwise',
    '_FusedConv2D',
    ['separable', w.drawn('point/w', 1, 1, 8, 2), w.drawn('point/b', 2)],
    {
      ...windows(1),
      fused_ops: texts('BiasAdd'),
      num_args: integer(1),
    },
  );
  // Twice its size, as the shape of the layer itself says.
  w.node('shape', 'Shape', ['pointwise'], { ...FLOAT, out_type: type('INT32') });
  const sides = [w.integers('from', [1]), w.integers('to', [3]), w.integers('step', [1])];
  w.node('sides', 'StridedSlice', ['shape', ...sides], masks(0));
  w.node('doubled', 'Mul', ['sides', w.integers('two', [2], [])], INT);
  w.node('up', 'ResizeBilinear', ['pointwise', 'doubled'], {
    ...FLOAT,
    align_corners: flag(false),
    half_pixel_centers: flag(true),
  });
  w.node('heat', 'Sigmoid', ['up'], FLOAT);
}

/** Its strongest places: heat [1, h, w, 2] -> values [3] and positions [3, 3] of line, column and channel in [0, 1). */
function writePeaks(w: GraphModelWriter): void {
  const pool = { ...windows(1), ksize: integers(1, 3, 3, 1) };
  w.node('strongest', 'MaxPool', ['heat'], pool);
  w.node('gap', 'Sub', ['heat', 'strongest'], FLOAT);
  w.node('distance', 'Abs', ['gap'], FLOAT);
  w.node('is-peak', 'Less', ['distance', w.floats('epsilon', [1e-6], [])], FLOAT);
  w.node('heat-shape', 'Shape', ['heat'], { ...FLOAT, out_type: type('INT32') });
  w.node('nothing', 'Fill', ['heat-shape', w.floats('zero', [0], [])], FLOAT);
  w.node('peaks', 'Select', ['is-peak', 'heat', 'nothing'], FLOAT);
  for (const [axis, name] of [
    [1, 'height'],
    [2, 'width'],
    [3, 'channels'],
  ] as const) {
    const part = [axis, axis + 1, 1].map((value, i) => w.integers(`${name}/${i}`, [value]));
    w.node(name, 'StridedSlice', ['heat-shape', ...part], masks(1));
  }
  w.node('places', 'Mul', ['height', 'width'], INT);
  w.node('table', 'Pack', ['places', 'channels'], { ...INT, axis: integer(0), N: integer(2) });
  w.node('rows', 'Reshape', ['peaks', 'table'], { ...FLOAT, Tshape: type('INT32') });
  w.node('best', 'Max', ['rows', w.integers('last', [1])], { ...FLOAT, keep_dims: flag(false) });
  w.node('channel', 'ArgMax', ['rows', w.integers('axis', [1], [])], {
    ...FLOAT,
    output_type: type('INT32'),
  });
  w.node('top', 'TopKV2', ['best', w.integers('k', [3], [])], { ...FLOAT, sorted: flag(true) });
  w.node('line', 'FloorDiv', ['top:1', 'width'], INT);
  w.node('skipped', 'Mul', ['line', 'width'], INT);
  w.node('column', 'Sub', ['top:1', 'skipped'], INT);
  w.node('places-of-top', 'ExpandDims', ['top:1', w.integers('behind', [1], [])], INT);
  w.node('channel-of-top', 'GatherNd', ['channel', 'places-of-top'], INT);
  for (const [name, side] of [
    ['line', 'height'],
    ['column', 'width'],
    ['channel-of-top', 'channels'],
  ] as const) {
    for (const part of [name, side]) {
      w.node(`${name}/${part}`, 'Cast', [part], { SrcT: type('INT32'), DstT: type('FLOAT') });
    }
    w.node(`${name}/share`, 'RealDiv', [`${name}/${name}`, `${name}/${side}`], FLOAT);
  }
}

/** What a detector of peaks does, in the operations that MoveNet has. */
function network(): GraphModelFiles {
  const w = new GraphModelWriter();
  writeBackbone(w);
  writePeaks(w);
  w.node('values', 'Identity', ['top'], FLOAT);
  const shares = ['line', 'column', 'channel-of-top'].map((name) => `${name}/share`);
  w.node('positions', 'Pack', shares, { ...FLOAT, axis: integer(1), N: integer(3) });
  // Numbers up to a limit that is computed from a shape.
  const bounds = [w.floats('start', [0], []), 'column/width', w.floats('delta', [1], [])];
  w.node('numbers', 'Range', bounds, { Tidx: type('FLOAT') });
  w.node('count', 'Size', ['numbers'], { ...FLOAT, out_type: type('INT32') });
  w.node('counted', 'Cast', ['count'], { SrcT: type('INT32'), DstT: type('FLOAT') });
  w.node('ruler', 'RealDiv', ['numbers', 'counted'], FLOAT);
  return w.finish();
}

const image = (): HostTensor => ({
  shape: [1, SIZE, SIZE, 3],
  dtype: 'int32',
  data: Int32Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * i * 31 + i * 7) % 256),
});

async function runEagerly({ json, weights }: GraphModelFiles): Promise<Record<string, HostTensor>> {
  await tf.setBackend('cpu');
  const model = loadGraphModelSync([JSON.parse(json), weights.slice().buffer]);
  const { shape, data } = image();
  const results = model.execute(
    { image: tf.tensor(data as Int32Array, [...shape], 'int32') },
    model.outputNodes,
  );
  return Object.fromEntries(
    (results as Tensor[]).map((tensor, i) => {
      const { shape: of, dtype } = tensor as Tensor & HostTensor;
      return [
        model.outputNodes[i] as string,
        { shape: of, dtype, data: tensor.dataSync() as Float32Array },
      ];
    }),
  );
}

const compile = (files: GraphModelFiles) =>
  compileGraphModel(files, { image: image() }, { inProcess: true, threads: 1 });

describe('a network in the graph format of TensorFlow.js', () => {
  test('gives through ONNX what tfjs computes', async () => {
    const files = network();
    const compiled = await compile(files);
    const ours = await compiled.run({ image: image() });
    await compiled.dispose();
    const reference = await runEagerly(files);
    expect(Object.keys(ours).sort()).toEqual(['positions', 'ruler', 'values']);
    for (const [name, tensor] of Object.entries(reference)) {
      expect(ours[name]?.shape).toEqual(tensor.shape);
      expect(errorBetween([ours[name] as HostTensor], [tensor])).toBeLessThan(1e-6);
    }
    // Peaks that are there, and not all at one place.
    expect(new Set(reference.positions?.data).size).toBeGreaterThan(3);
    expect(Math.min(...(reference.values?.data ?? []))).toBeGreaterThan(0);
  });

  test.each([
    [
      'half of its weights',
      (files: GraphModelFiles) => ({ ...files, weights: files.weights.subarray(0, 100) }),
      /weights have 100 bytes and not \d+/,
    ],
    [
      'half of its description',
      (files: GraphModelFiles) => ({ ...files, json: files.json.slice(0, 100) }),
      /its description is no JSON/,
    ],
    [
      'a description of something else',
      (files: GraphModelFiles) => ({ ...files, json: '{"format":"layers-model"}' }),
      /not that of a graph model/,
    ],
  ])('with %s is refused', async (_name, broken, message) => {
    const failure = compile(broken(network()));
    await expect(failure).rejects.toThrow(GraphModelError);
    await expect(failure).rejects.toThrow(message);
  });
});
