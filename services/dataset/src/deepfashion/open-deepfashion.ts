import type { BoxConvention } from '../category.ts';
import type { DatasetSource } from '../dataset-source.ts';
import type { ImageSlots, SeenImage } from '../image-slots.ts';
import { type ImagePlaces, NameSamples } from '../images/image-places.ts';
import { type PixelFrame, settleFrames } from '../images/pixel-frames.ts';
import { refuseLinksOutside } from '../lists/links.ts';
import type { ListFile, ListReading } from '../lists/list-file.ts';
import { garmentSource } from './garment-images.ts';
import type { GarmentTable } from './garment-table.ts';
import { type AnnotationSet, type DeepFashionLayout, findDeepFashion, listsOf } from './layout.ts';
import { type DeepFashionLists, readDeepFashion } from './read-deepfashion.ts';
import { settleGarments } from './settle-garments.ts';
import { turnGarment } from './turn-garment.ts';

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
  readonly slots: ImageSlots;
  /** In the folder that a person names for them, else in that of the layout. */
  places(named: string | null): ImagePlaces;
  /** Boxes are cut and incomplete images left out; once, at the end. */
  settle(pixels: PixelFrame | null): DatasetSource;
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
  const { table } = lists;
  const { boxConvention } = options;
  const seen = new Map<number, SeenImage>();
  const slots = slotsOf(table, listNames(layout).images, seen);
  return {
    slots,
    places: (named) => placesOf(table, folder, named ?? layout.images, named !== null),
    settle: (pixels) => {
      settleFrames(slots, seen, pixels, reading.report, (place, { size, turn }) => {
        table.sizes.set(size, place * 2);
        if (turn !== null) turnGarment(table, place, turn, boxConvention);
      });
      settleGarments(table, boxConvention, listNames(layout), reading.report);
      return garmentSource(lists, boxConvention);
    },
  };
}

function placesOf(
  { names, count }: GarmentTable,
  root: string,
  images: string | null,
  isNamed: boolean,
): ImagePlaces {
  const samples = new NameSamples();
  for (let place = 0; place < count; place += 1) samples.add(() => names.text(place));
  const folders = images === null ? [] : [images];
  const groups = [{ folders, own: folders, samples: samples.names }];
  return { root: isNamed ? (images ?? root) : root, groups, isNamed };
}

function slotsOf(table: GarmentTable, file: string, seen: Map<number, SeenImage>): ImageSlots {
  const { sizes, lines, names } = table;
  return {
    count: table.count,
    fileName: (place) => names.text(place),
    group: () => 0,
    size: (place) => {
      const width = sizes[place * 2] as number;
      return width === 0 ? null : [width, sizes[place * 2 + 1] as number];
    },
    see: (place, image) => void seen.set(place, image),
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
