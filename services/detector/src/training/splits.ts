/** What is trained on, and what is measured on: pure. */
import type { AnnotatedImage } from './annotated-images.ts';

/** Of a dataset without splits every tenth image is held out. */
const HELD_OUT_EVERY = 10;

export interface Splits {
  readonly train: readonly AnnotatedImage[];
  /** Null where nothing is left to measure on. */
  readonly evaluation: {
    /** `test`, `val` or `held-out`. */
    readonly name: string;
    readonly images: readonly AnnotatedImage[];
  } | null;
}

export function splitImages(images: readonly AnnotatedImage[]): Splits {
  const inSplit = (split: AnnotatedImage['split']) => images.filter((one) => one.split === split);
  if (images.every(({ split }) => split === null)) return holdOut(images);
  for (const name of ['test', 'val'] as const) {
    const evaluated = inSplit(name);
    if (evaluated.length > 0) {
      return { train: inSplit('train'), evaluation: { name, images: evaluated } };
    }
  }
  return { train: inSplit('train'), evaluation: null };
}

function holdOut(images: readonly AnnotatedImage[]): Splits {
  const isHeldOut = (_: AnnotatedImage, place: number) => (place + 1) % HELD_OUT_EVERY === 0;
  const heldOut = images.filter(isHeldOut);
  return {
    train: images.filter((image, place) => !isHeldOut(image, place)),
    evaluation: heldOut.length === 0 ? null : { name: 'held-out', images: heldOut },
  };
}
