import { z } from 'zod';
import { categoryType, count, objectReference } from './events/fields.ts';

/**
 * The annotations of a dataset as they are stored: gzip-compressed lines of JSON. The first line describes the dataset,
 * each other line is one image with its annotations, by ascending image id. Fields are named as in COCO. The dataset's
 * id is the SHA-256 of the uncompressed bytes.
 */
export const DATASET_FORMAT = 'deepstyle.dataset.v1';

const id = z.int().min(1);
/** Fashionpedia counts its attributes from 0. */
const attributeId = z.int().min(0);
const finite = z.number();

export const datasetHeaderLine = z.object({
  format: z.literal(DATASET_FORMAT),
  box_convention: z
    .enum(['exclusive', 'inclusive'])
    .describe('Width as right - left, or as right - left + 1'),
  images: count,
  annotations: count,
  categories: z.array(z.object({ id, name: z.string(), type: categoryType })),
  attributes: z.array(z.object({ id: attributeId, name: z.string(), type: z.string() })),
  keypoints: z.array(z.string()).describe('Names of the points of every garment; empty: none'),
});

const segmentation = z.union([
  z.array(z.array(finite)).describe('Polygons: x, y, x, y ... in pixels'),
  z.object({ size: z.tuple([count, count]), counts: z.union([z.string(), z.array(count)]) }),
]);

export const datasetAnnotation = z.object({
  id,
  category_id: id,
  bbox: z
    .tuple([finite, finite, finite, finite])
    .describe('Left, top, width, height in pixels of the image'),
  area: z.number().positive().describe('Square pixels'),
  iscrowd: z.union([z.literal(0), z.literal(1)]),
  segmentation: segmentation.optional().describe('Absent: the box itself'),
  keypoints: z
    .array(finite)
    .optional()
    .describe('x, y, visibility (0 not labelled, 1 hidden, 2 visible) of each point'),
  num_keypoints: count.optional(),
  attribute_ids: z.array(attributeId).optional().describe('Attributes that the garment has'),
  attribute_unknown_ids: z
    .array(attributeId)
    .optional()
    .describe('Attributes of which nothing is known; it has none of the others'),
});

export const datasetImageLine = z.object({
  id,
  file_name: z.string(),
  width: id,
  height: id,
  split: z.enum(['train', 'val', 'test']).nullable(),
  object: objectReference.nullable().describe('The stored image; null where it was not there'),
  annotations: z.array(datasetAnnotation),
});

export type DatasetHeaderLine = z.infer<typeof datasetHeaderLine>;
export type DatasetImageLine = z.infer<typeof datasetImageLine>;
export type DatasetAnnotation = z.infer<typeof datasetAnnotation>;
