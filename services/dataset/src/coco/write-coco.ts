import type { DatasetAnnotation } from '@deepstyle/contracts';
import type { ByteSink } from '../byte-sink.ts';
import type { Attribute, BoxConvention, Category, Split } from '../category.ts';
import type { AnnotatedImage } from '../dataset-source.ts';
import { TextBatches } from '../text-batches.ts';

/** What a COCO file is written from. Images are gone through twice: COCO lists them apart from their annotations. */
export interface CocoContent {
  readonly name: string;
  /** The dataset's id; null where it has none yet. */
  readonly version: string | null;
  readonly boxConvention: BoxConvention;
  readonly categories: readonly Category[];
  readonly attributes: readonly Attribute[];
  readonly keypoints: readonly string[];
  batches(): AsyncIterable<Iterable<AnnotatedImage>>;
}

export interface WrittenCounts {
  readonly images: number;
  readonly annotations: number;
}

/**
 * Writes a dataset, or one split of it, as COCO that pycocotools and Detectron read: every annotation with `id`,
 * `image_id`, `category_id`, `bbox` [left, top, width, height], `area` > 0, `iscrowd` and `segmentation`, every image
 * with `id`, `width`, `height` and `file_name`. Categories carry their type as `supercategory`; attributes are written as
 * Fashionpedia does (`attributes`, `attribute_ids`); `info.box_convention` records how widths were computed.
 */
export async function writeCoco(
  content: CocoContent,
  split: Split | null,
  sink: ByteSink,
): Promise<WrittenCounts> {
  const batches = new TextBatches(sink);
  batches.add(`{"info":${JSON.stringify(infoOf(content))},"licenses":[],`);
  batches.add(`"categories":${JSON.stringify(categoriesOf(content))},`);
  if (content.attributes.length > 0) {
    batches.add(`"attributes":${JSON.stringify(attributesOf(content.attributes))},`);
  }
  batches.add('"images":[');
  const images = await writeRows(content, split, batches, (image) => [imageRow(image)]);
  batches.add('],"annotations":[');
  const annotations = await writeRows(content, split, batches, (image) =>
    image.annotations.map((annotation) => annotationRow(annotation, image.id)),
  );
  batches.add(']}\n');
  await batches.end();
  return { images, annotations };
}

/** Writes the rows of each image; returns the number of all. */
async function writeRows(
  content: CocoContent,
  split: Split | null,
  batches: TextBatches,
  rowsOf: (image: AnnotatedImage) => object[],
): Promise<number> {
  let count = 0;
  for await (const images of content.batches()) {
    for (const image of images) {
      const rows = split === null || image.split === split ? rowsOf(image) : [];
      addRows(batches, rows, count === 0);
      count += rows.length;
      if (batches.isFull) await batches.flush();
    }
  }
  return count;
}

function addRows(batches: TextBatches, rows: readonly object[], isFirst: boolean): void {
  for (const [i, row] of rows.entries()) {
    batches.add(`${isFirst && i === 0 ? '' : ','}\n${JSON.stringify(row)}`);
  }
}

function infoOf({ name, version, boxConvention }: CocoContent): object {
  return { description: name, version: version ?? '', box_convention: boxConvention };
}

function categoriesOf({ categories, keypoints }: CocoContent): object[] {
  const points = keypoints.length === 0 ? null : { keypoints, skeleton: [] };
  return categories.map(({ id, name, type }) => ({ id, name, supercategory: type, ...points }));
}

function attributesOf(attributes: readonly Attribute[]): object[] {
  return attributes.map(({ id, name, type }) => ({ id, name, supercategory: type }));
}

function imageRow({ id, width, height, file_name, split }: AnnotatedImage): object {
  return { id, width, height, file_name, split: split ?? undefined };
}

/** What is undefined is not written. */
function annotationRow(annotation: DatasetAnnotation, image_id: number): object {
  const { id, category_id, bbox, area, iscrowd, segmentation, keypoints } = annotation;
  const { num_keypoints, attribute_ids, attribute_unknown_ids } = annotation;
  return {
    id,
    image_id,
    category_id,
    bbox,
    area,
    iscrowd,
    segmentation: segmentation ?? [cornersOf(bbox)],
    keypoints,
    num_keypoints,
    attribute_ids,
    attribute_unknown_ids,
  };
}

function cornersOf([x, y, width, height]: DatasetAnnotation['bbox']): number[] {
  const [right, bottom] = [x + width, y + height];
  return [x, y, right, y, right, bottom, x, bottom];
}
