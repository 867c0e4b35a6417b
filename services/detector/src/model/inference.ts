/** The trained network at work: photos in, detections out. */
import {
  type CompileOptions,
  compileFunction,
  type HostTensor,
  type Tree,
  type tf,
} from '@deepstyle/engine';
import type { ImageSize } from './anchors.ts';
import {
  type Architecture,
  type DetectorParams,
  type FoldedWeights,
  forwardInfer,
} from './faster-rcnn.ts';
import { letterboxOf } from './letterbox.ts';
import { type Detection, type PostprocessOptions, postprocess } from './postprocess.ts';
import type { ProposalOptions } from './rpn.ts';

export interface DetectorModel {
  readonly architecture: Architecture;
  /** With the statistics folded in; see faster-rcnn.ts. */
  readonly weights: FoldedWeights;
}

export interface InferenceOptions {
  readonly proposals: ProposalOptions;
  readonly postprocess: PostprocessOptions;
  /** N: images of one run; smaller batches are filled up. */
  readonly batchSize?: number;
  readonly engine?: Pick<CompileOptions, 'device' | 'threads' | 'inProcess'>;
}

/** A photo in the network's image; see letterbox.ts. */
export interface NetworkImage {
  /** sRGB bytes [H, W, 3] at the network's size */
  readonly image: Uint8Array;
  /** Its size before scaling: detections come back in its pixels. */
  readonly photo: ImageSize;
}

export interface Inference {
  /** Any number of images; an image's detections do not depend on its neighbours in the list. */
  detect(images: readonly NetworkImage[]): Promise<Detection[][]>;
  dispose(): Promise<void>;
}

/** Large enough to keep the cores busy, small enough to stay in their caches. */
const BATCH = 8;

/** @throws RangeError where an image has not the network's size */
export async function createInference(
  { architecture, weights }: DetectorModel,
  options: InferenceOptions,
): Promise<Inference> {
  const { batchSize = BATCH, engine = {} } = options;
  const { height, width } = architecture.image;
  const pixels = height * width * 3;
  const compiled = await compileFunction(
    (params, inputs) => {
      const { images } = inputs as { images: tf.Tensor4D };
      const folded = params as unknown as DetectorParams;
      return { ...forwardInfer(folded, images, architecture, options.proposals) };
    },
    {
      params: weights as unknown as Tree<HostTensor>,
      inputs: { images: { shape: [batchSize, height, width, 3], dtype: 'float32' as const } },
    },
    engine,
  );

  async function detectBatch(images: readonly NetworkImage[]): Promise<Detection[][]> {
    const input = new Float32Array(batchSize * pixels);
    for (const [i, { image }] of images.entries()) {
      if (image.length !== pixels) {
        throw new RangeError(`Image ${i} has ${image.length} bytes, not ${height} x ${width} x 3.`);
      }
      for (let at = 0; at < pixels; at++) {
        input[i * pixels + at] = (image[at] as number) / 127.5 - 1;
      }
    }
    const output = await compiled.run({ images: input });
    return images.map(({ photo }, i) => {
      const raw = { boxes: rowOf(output.boxes, i), scores: rowOf(output.scores, i) };
      return postprocess(raw, photo, letterboxOf(photo, architecture.image), options.postprocess);
    });
  }

  return {
    async detect(images) {
      const detections: Detection[][] = [];
      for (let first = 0; first < images.length; first += batchSize) {
        detections.push(...(await detectBatch(images.slice(first, first + batchSize))));
      }
      return detections;
    },
    dispose: () => compiled.dispose(),
  };
}

function rowOf(tensor: HostTensor | undefined, row: number): Float32Array {
  const { data, shape } = tensor as HostTensor;
  const size = data.length / (shape[0] as number);
  return (data as Float32Array).subarray(row * size, (row + 1) * size);
}
