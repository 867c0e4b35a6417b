import type { DatasetAnnotation } from '@deepstyle/contracts';
import type { Attribute, BoxConvention, Category, Split } from '../category.ts';
import type { AnnotatedImage } from '../dataset-source.ts';
import { TextBatcher, type TextSink } from '../text-sink.ts';

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
  sink: TextSink,
): Promise<WrittenCounts> {
  const batch = new TextBatcher(sink);
  batch.add(`{"info":${JSON.stringify(infoOf(content))},"licenses":[],`);
  batch.add(`"categories":${JSON.stringify(categoriesOf(content))},`);
  if (content.attributes.length > 0) {
    batch.add(`"attributes":${JSON.stringify(attributesOf(content.attributes))},`);
  }
  batch.add('"images":[');
  const images = await writeRows(content, split, batch, (image) => [imageText(image)]);
  batch.add('],"annotations":[');
  const annotations = await writeRows(content, split, batch, (image) =>
    image.annotations.map((annotation) => annotationText(annotation, image.id)),
  );
  batch.add(']}\n');
  await batch.end();
  return { images, annotations };
}

/** Writes the rows that each image gives; returns their number. */
async function writeRows(
  content: CocoContent,
  split: Split | null,
  batch: TextBatcher,
  rowsOf: (image: AnnotatedImage) => readonly string[],
): Promise<number> {
  let count = 0;
  for await (const images of content.batches()) {
    for (const image of images) {
      if (split !== null && image.split !== split) continue;
      const rows = rowsOf(image);
      const isFull = rows.reduce(
        (full, row, i) => batch.add(count + i > 0 ? `,\n${row}` : `\n${row}`) || full,
        false,
      );
      count += rows.length;
      if (isFull) await batch.flush();
    }
  }
  return count;
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

function imageText({ id, width, height, file_name, split }: AnnotatedImage): string {
  const place = split === null ? '' : `,"split":"${split}"`;
  return `{"id":${id},"width":${width},"height":${height},"file_name":${JSON.stringify(file_name)}${place}}`;
}

function annotationText(annotation: DatasetAnnotation, imageId: number): string {
  const { id, category_id, bbox, area, iscrowd } = annotation;
  const shape = annotation.segmentation;
  const segmentation = shape === undefined ? boxPolygon(bbox) : JSON.stringify(shape);
  return `{"id":${id},"image_id":${imageId},"category_id":${category_id},"bbox":[${bbox}],"area":${area},"iscrowd":${iscrowd},"segmentation":${segmentation}${extrasText(annotation)}}`;
}

function boxPolygon([x, y, width, height]: DatasetAnnotation['bbox']): string {
  const right = x + width;
  const bottom = y + height;
  return `[[${x},${y},${right},${y},${right},${bottom},${x},${bottom}]]`;
}

function extrasText(annotation: DatasetAnnotation): string {
  const { keypoints, num_keypoints, attribute_ids, attribute_unknown_ids } = annotation;
  const points =
    keypoints === undefined
      ? ''
      : `,"keypoints":[${keypoints}],"num_keypoints":${num_keypoints ?? 0}`;
  const attributes = attribute_ids === undefined ? '' : `,"attribute_ids":[${attribute_ids}]`;
  const unknown =
    attribute_unknown_ids === undefined
      ? ''
      : `,"attribute_unknown_ids":[${attribute_unknown_ids}]`;
  return points + attributes + unknown;
}
