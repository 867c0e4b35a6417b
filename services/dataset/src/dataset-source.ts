import type { DatasetImageLine } from '@deepstyle/contracts';
import type { Attribute, BoxConvention, Category } from './category.ts';

/** An image with its annotations, as it is stored and written, but for the object that may hold its bytes. */
export type AnnotatedImage = Omit<DatasetImageLine, 'object'>;

/** A dataset that was read, whatever its format. It can be gone through several times. */
export interface DatasetSource {
  readonly boxConvention: BoxConvention;
  readonly categories: readonly Category[];
  readonly attributes: readonly Attribute[];
  /** Names of the points of a garment; empty where there are none. */
  readonly keypoints: readonly string[];
  readonly counts: SourceCounts;
  /** By ascending id. */
  images(): Iterable<AnnotatedImage>;
}

export interface SourceCounts {
  readonly images: number;
  readonly annotations: number;
  /** Images in each split. */
  readonly splits: {
    readonly train: number;
    readonly val: number;
    readonly test: number;
    readonly none: number;
  };
}
