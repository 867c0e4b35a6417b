import type { DatasetSource } from '../dataset-source.ts';
import type { ImageSlots } from '../image-slots.ts';
import type { ImagePlaces } from '../images/image-places.ts';
import type { PixelFrame } from '../images/pixel-frames.ts';
import type { ListReading } from '../lists/list-file.ts';
import { AnnotationSpill } from './annotation-spill.ts';
import type { CocoLayout } from './coco-files.ts';
import { CocoReader } from './coco-reader.ts';

export interface CocoOptions {
  /** Folder of the images; null: where they usually lie. */
  readonly images: string | null;
  /** In which pixels annotations count where EXIF turns an image; null: found out. */
  readonly pixels: PixelFrame | null;
}

/** COCO files whose images and categories are read; what is seen of the images on the disk may be told to the slots. */
export interface OpenedCoco {
  readonly slots: ImageSlots;
  readonly places: ImagePlaces;
  /** Reads the annotations, each checked against the size of its image. */
  settle(): Promise<DatasetSource>;
  /** Removes what lies on the disk meanwhile. */
  close(): void;
}

/**
 * Opens COCO files as one dataset. Categories of several files are one where they have one name; ids are kept as long as
 * no two files have the same.
 *
 * @throws JsonSyntaxError, IrregularDatasetError in strict mode, what the file system throws
 */
export async function openCoco(
  { files, others, folder }: CocoLayout,
  { images, pixels }: CocoOptions,
  reading: ListReading,
): Promise<OpenedCoco> {
  const coco = new CocoReader({ root: folder, named: images }, reading);
  for (const name of others) {
    reading.report.add('OTHER_FILE', name, null, 'Its name or its beginning says so.');
  }
  for (const file of files) await coco.readImages(file, files.length === 1);
  coco.settleIds();
  const spill = new AnnotationSpill();
  return {
    slots: coco.slots(),
    places: coco.places(),
    settle: async () => {
      coco.settleSizes(pixels);
      await coco.readAnnotations(spill);
      return coco.source(spill);
    },
    close: () => spill.close(),
  };
}
