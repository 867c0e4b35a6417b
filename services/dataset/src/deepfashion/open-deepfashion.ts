import type { BoxConvention } from '../category.ts';
import type { DatasetSource } from '../dataset-source.ts';
import type { ImageSlots } from '../image-slots.ts';
import { refuseLinksOutside } from '../lists/links.ts';
import type { ListFile, ListReading } from '../lists/list-file.ts';
import { garmentSource } from './garment-images.ts';
import type { GarmentTable } from './garment-table.ts';
import { type AnnotationSet, type DeepFashionLayout, findDeepFashion, listsOf } from './layout.ts';
import { type DeepFashionLists, readDeepFashion } from './read-deepfashion.ts';
import { settleGarments } from './settle-garments.ts';

export interface DeepFashionOptions {
  readonly boxConvention: BoxConvention;
  /** Which annotations of a folder that has both; null: the original ones. */
  readonly set: AnnotationSet | null;
  /** Whether attributes are read too; their list is by far the largest. */
  readonly attributes: boolean;
  /** A list of image name, width, height; null: `list_image_size.txt` beside the other lists, where it is. */
  readonly sizes: ListFile | null;
}

/** A DeepFashion folder whose lists are read; the sizes of images that no list told may be filled in. */
export interface OpenedDeepFashion {
  readonly layout: DeepFashionLayout;
  readonly slots: ImageSlots;
  /** Boxes are cut and incomplete images left out; once, at the end. */
  settle(): DatasetSource;
}

/** @throws UnknownDatasetFormatError, IrregularDatasetError in strict mode, what the file system throws */
export async function openDeepFashion(
  folder: string,
  options: DeepFashionOptions,
  reading: ListReading,
): Promise<OpenedDeepFashion> {
  const layout = await findDeepFashion(folder, options.set);
  await refuseLinksOutside(listsOf(layout), folder);
  const lists: DeepFashionLists = await readDeepFashion(layout, options, reading);
  return {
    layout,
    slots: slotsOf(lists.table, listNames(layout).images),
    settle: () => {
      settleGarments(lists.table, options.boxConvention, listNames(layout), reading.report);
      return garmentSource(lists, options.boxConvention);
    },
  };
}

function slotsOf(table: GarmentTable, file: string): ImageSlots {
  const { sizes, lines, names } = table;
  return {
    count: table.count,
    fileName: (place) => names.text(place),
    size: (place) => {
      const width = sizes[place * 2] as number;
      return width === 0 ? null : [width, sizes[place * 2 + 1] as number];
    },
    setSize: (place, width, height) => sizes.set([width, height], place * 2),
    id: (place) => place + 1,
    origin: (place) => ({ file, line: lines[place] as number }),
  };
}

function listNames({ named, splits, categoryList }: DeepFashionLayout) {
  const [first] = splits;
  const images = named?.categories.name ?? first?.images.name ?? categoryList.name;
  return {
    images,
    boxes: named?.boxes?.name ?? first?.boxes?.name ?? images,
    landmarks: named?.landmarks?.name ?? first?.landmarks?.name ?? images,
  };
}
