import type { DatasetAnnotation } from '@deepstyle/contracts';
import type { ByteSink } from '../byte-sink.ts';
import type { Attribute, BoxConvention, Category, Split } from '../category.ts';
import type { AnnotatedImage } from '../dataset-source.ts';
import { JsonBatches, type JsonPiece, jsonPiece } from '../json-batches.ts';

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
  const batches = new JsonBatches(sink);
  batches.text(`{"info":${JSON.stringify(infoOf(content))},"licenses":[],`);
  batches.text(`"categories":${JSON.stringify(categoriesOf(content))},`);
  if (content.attributes.length > 0) {
    batches.text(`"attributes":${JSON.stringify(attributesOf(content.attributes))},`);
  }
  batches.text('"images":[');
  const images = await writeRows(content, split, batches, (image, isFirst) => {
    writeImage(batches, image, isFirst);
    return 1;
  });
  batches.text('],"annotations":[');
  const annotations = await writeRows(content, split, batches, (image, isFirst) => {
    const { id, annotations: own } = image;
    for (let i = 0; i < own.length; i += 1) {
      writeAnnotation(batches, own[i] as DatasetAnnotation, id, isFirst && i === 0);
    }
    return own.length;
  });
  batches.text(']}\n');
  await batches.end();
  return { images, annotations };
}

/** Writes the rows of each image, of which `write` tells the number; returns that of all. */
async function writeRows(
  content: CocoContent,
  split: Split | null,
  batches: JsonBatches,
  write: (image: AnnotatedImage, isFirst: boolean) => number,
): Promise<number> {
  let count = 0;
  for await (const images of content.batches()) {
    for (const image of images) {
      if (split !== null && image.split !== split) continue;
      count += write(image, count === 0);
      if (batches.isFull) await batches.flush();
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

const [FIRST_ROW, NEXT_ROW] = [jsonPiece('\n{"id":'), jsonPiece(',\n{"id":')];
const [WIDTH, HEIGHT, FILE_NAME] = [
  jsonPiece(',"width":'),
  jsonPiece(',"height":'),
  jsonPiece(',"file_name":'),
];
const SPLIT = {
  train: jsonPiece(',"split":"train"'),
  val: jsonPiece(',"split":"val"'),
  test: jsonPiece(',"split":"test"'),
} as const;
const [IMAGE_ID, CATEGORY_ID, BBOX] = [
  jsonPiece(',"image_id":'),
  jsonPiece(',"category_id":'),
  jsonPiece(',"bbox":['),
];
const [AREA, CROWD, SEGMENTATION] = [
  jsonPiece('],"area":'),
  jsonPiece(',"iscrowd":'),
  jsonPiece(',"segmentation":'),
];
const [KEYPOINTS, NUM_KEYPOINTS] = [jsonPiece(',"keypoints":['), jsonPiece('],"num_keypoints":')];
const [POSITIVE, UNKNOWN] = [
  jsonPiece(',"attribute_ids":['),
  jsonPiece(',"attribute_unknown_ids":['),
];
const [LIST_END, ROW_END] = [jsonPiece(']'), jsonPiece('}')];
const [POLYGONS, POLYGONS_END] = [jsonPiece('[['), jsonPiece(']]')];

function writeImage(batches: JsonBatches, image: AnnotatedImage, isFirst: boolean): void {
  const { split } = image;
  batches.piece(isFirst ? FIRST_ROW : NEXT_ROW);
  batches.number(image.id);
  batches.piece(WIDTH);
  batches.number(image.width);
  batches.piece(HEIGHT);
  batches.number(image.height);
  batches.piece(FILE_NAME);
  if (image.writeFileName) image.writeFileName(batches);
  else batches.string(image.file_name);
  if (split !== null) batches.piece(SPLIT[split]);
  batches.piece(ROW_END);
}

function writeAnnotation(
  batches: JsonBatches,
  annotation: DatasetAnnotation,
  imageId: number,
  isFirst: boolean,
): void {
  const { bbox, segmentation } = annotation;
  batches.piece(isFirst ? FIRST_ROW : NEXT_ROW);
  batches.number(annotation.id);
  batches.piece(IMAGE_ID);
  batches.number(imageId);
  batches.piece(CATEGORY_ID);
  batches.number(annotation.category_id);
  batches.piece(BBOX);
  batches.numbers(bbox);
  batches.piece(AREA);
  batches.number(annotation.area);
  batches.piece(CROWD);
  batches.number(annotation.iscrowd);
  batches.piece(SEGMENTATION);
  if (segmentation === undefined) writeBoxPolygon(batches, bbox);
  else batches.text(JSON.stringify(segmentation));
  writeExtras(batches, annotation);
  batches.piece(ROW_END);
}

function writeBoxPolygon(batches: JsonBatches, bbox: DatasetAnnotation['bbox']): void {
  const [x, y, width, height] = bbox;
  const right = x + width;
  const bottom = y + height;
  batches.piece(POLYGONS);
  batches.numbers([x, y, right, y, right, bottom, x, bottom]);
  batches.piece(POLYGONS_END);
}

function writeExtras(batches: JsonBatches, annotation: DatasetAnnotation): void {
  const { keypoints, attribute_ids, attribute_unknown_ids } = annotation;
  if (keypoints !== undefined) {
    batches.piece(KEYPOINTS);
    batches.numbers(keypoints);
    batches.piece(NUM_KEYPOINTS);
    batches.number(annotation.num_keypoints ?? 0);
  }
  if (attribute_ids !== undefined) writeIds(batches, POSITIVE, attribute_ids);
  if (attribute_unknown_ids !== undefined) writeIds(batches, UNKNOWN, attribute_unknown_ids);
}

function writeIds(batches: JsonBatches, name: JsonPiece, ids: readonly number[]): void {
  batches.piece(name);
  batches.numbers(ids);
  batches.piece(LIST_END);
}
