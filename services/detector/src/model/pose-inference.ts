/** MoveNet MultiPose at work: photos in, garments by the joints of people out. */
import { compileGraphModel, type GraphModelFiles, type HostTensor } from '@deepstyle/engine';
import type { Inference, InferenceOptions, NetworkImage } from './inference.ts';
import { letterboxOf } from './letterbox.ts';
import { garmentsOf } from './pose-garments.ts';
import { peopleOf } from './pose-people.ts';
import type { Detection } from './postprocess.ts';

/** Of multiples of 32; the network was made for about so many pixels. */
export const POSE_IMAGE = { width: 256, height: 256 } as const;

/** People that are less certain are shadows and posters more often than people. */
const MIN_PERSON_SCORE = 0.2;

/** @throws GraphModelError, and what the engine throws */
export async function createPoseInference(
  files: GraphModelFiles,
  { minScore, engine = {} }: Pick<InferenceOptions, 'engine'> & { readonly minScore: number },
): Promise<Inference> {
  const { width, height } = POSE_IMAGE;
  const input = { shape: [1, height, width, 3], dtype: 'int32' as const };
  const compiled = await compileGraphModel(files, { input }, engine);

  /** One at a time, as the network takes them. */
  async function detectOne({ image, photo }: NetworkImage): Promise<Detection[]> {
    const outputs = await compiled.run({ input: Int32Array.from(image) });
    const [{ data }] = Object.values(outputs) as [HostTensor];
    const letterbox = letterboxOf(photo, POSE_IMAGE);
    const people = peopleOf(data, photo, POSE_IMAGE, letterbox, MIN_PERSON_SCORE);
    return garmentsOf(people, photo, minScore);
  }

  return {
    async detect(images) {
      const detections: Detection[][] = [];
      for (const image of images) detections.push(await detectOne(image));
      return detections;
    },
    dispose: () => compiled.dispose(),
  };
}
