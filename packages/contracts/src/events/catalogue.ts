import { z } from 'zod';
import type { ServiceName } from '../services.ts';
import {
  categoryType,
  count,
  hex64,
  objectReference,
  runId,
  season,
  share,
  timestamp,
} from './fields.ts';
import { globalIdField } from './global-id-fields.ts';

const photo = z
  .object({
    id: hex64.describe('SHA-256 of the bytes'),
    globalId: globalIdField('Photo', 'id'),
    image: objectReference,
    widthPx: count,
    heightPx: count,
    brand: z.string().max(200).nullable(),
    category: z
      .string()
      .max(100)
      .nullable()
      .describe(
        'What the folder or manifest says the photograph shows; null where it says nothing',
      ),
  })
  .describe('A collected photograph');

const run = z
  .object({
    id: runId,
    globalId: globalIdField('Run', 'id'),
    season,
    brand: z
      .string()
      .max(200)
      .nullable()
      .describe('The one brand that the run was limited to, or null'),
    detector: z
      .string()
      .max(100)
      .describe(
        'Id of the detector model pinned at the start, or "none": each photograph shows one garment',
      ),
    detectorGlobalId: globalIdField('DetectorModel', 'detector', 'none'),
    gan: z
      .object({ steps: count.nullable(), skip: z.boolean() })
      .describe('What the GAN trainer may do; steps null: chosen by the number of garments'),
    retries: count
      .optional()
      .describe('How often what failed in the run was asked for again; missing: never'),
  })
  .describe('The pass of the pipeline that this belongs to');

const incomplete = z
  .string()
  .max(2000)
  .nullable()
  .optional()
  .describe('Why it is not whole; null or missing: nothing is known to be lacking');

const lost = count
  .optional()
  .describe(
    'Sources that gave no photograph for a fault of their host, so that another try may get them; missing: none',
  );

const failures = z
  .array(z.object({ reason: z.string().max(300), photos: count }))
  .max(10)
  .optional()
  .describe('Why photographs failed, most frequent first, for people; rare reasons may be missing');

interface CatalogueEntry {
  /** The service that publishes it. */
  readonly source: ServiceName;
  readonly summary: string;
  readonly data: z.ZodObject;
}

/** Every event type: its data, and one sentence on when it is published. The key is its subject and CloudEvents type. */
export const EVENTS = {
  'deepstyle.run.changed.v1': {
    source: 'scraper',
    summary: 'A person canceled the run, let it go on, or asked for what failed in it again.',
    data: z.object({
      run,
      revision: count.describe(
        'Number of the change, from 1: a later one stands, in whatever order they come',
      ),
      state: z
        .enum(['open', 'canceled'])
        .describe('Canceled: nothing further is done for the run until it is open again'),
    }),
  },
  'deepstyle.photo.stored.v1': {
    source: 'scraper',
    summary: 'A photograph became a member of a run; its bytes are stored.',
    data: z.object({ run, photo }),
  },
  'deepstyle.scrape.completed.v1': {
    source: 'scraper',
    summary: 'No further photographs will join the run.',
    data: z.object({
      run,
      photos: count.describe('Members of the run, each announced by photo.stored'),
      duplicates: count.describe('Sources whose bytes were already a member'),
      rejected: count.describe('Sources that gave no photograph, whatever the reason'),
      lost,
      incomplete,
    }),
  },
  'deepstyle.photo.detected.v1': {
    source: 'detector',
    summary: 'The garments of a photograph were found.',
    data: z.object({
      run,
      photo,
      detections: z.array(
        z.object({
          box: z
            .tuple([count, count, count, count])
            .describe('x1, y1, x2, y2 in pixels of the photograph'),
          category: z.string().max(100),
          categoryType,
          score: share,
        }),
      ),
    }),
  },
  'deepstyle.photo.failed.v1': {
    source: 'detector',
    summary: 'A photograph could not be processed and counts as failed in its run.',
    data: z.object({
      run,
      photoId: hex64,
      photoGlobalId: globalIdField('Photo', 'photoId'),
      stage: z.enum(['detect', 'crop']),
      reason: z.string().max(2000),
    }),
  },
  'deepstyle.garment.cropped.v1': {
    source: 'cropper',
    summary: 'A garment was cut from a photograph.',
    data: z.object({
      run,
      garment: z.object({
        id: hex64,
        globalId: globalIdField('Garment', 'id'),
        photoId: hex64,
        photoGlobalId: globalIdField('Photo', 'photoId'),
        brand: z.string().max(200).nullable(),
        category: z.string().max(100),
        categoryType,
        image: objectReference,
        widthPx: count,
        heightPx: count,
      }),
    }),
  },
  'deepstyle.garments.ready.v1': {
    source: 'cropper',
    summary: 'Every photograph of the run is cropped or failed.',
    data: z.object({
      run,
      photos: count,
      failedPhotos: count,
      failures,
      lost,
      garments: count,
      incomplete,
    }),
  },
  'deepstyle.gan.ready.v1': {
    source: 'gan-trainer',
    summary:
      'The run has its GAN model, or it is certain that it gets none. Always follows garments.ready.',
    data: z.object({
      run,
      outcome: z.enum(['trained', 'reused', 'skipped']),
      modelId: z.string().max(100).nullable().describe('Null only where the outcome is skipped'),
      modelGlobalId: globalIdField('GanModel', 'modelId'),
      reason: z.string().max(2000).describe('Why this outcome'),
    }),
  },
  'deepstyle.collection.created.v1': {
    source: 'gallery',
    summary: 'Designs were generated and ordered into a collection.',
    data: z.object({
      run,
      collectionId: hex64,
      collectionGlobalId: globalIdField('Collection', 'collectionId'),
      modelId: z.string().max(100),
      modelGlobalId: globalIdField('GanModel', 'modelId'),
      designs: count,
      incomplete,
    }),
  },
  'deepstyle.trend-batch.published.v1': {
    source: 'gallery',
    summary: 'A season has a new current trend batch.',
    data: z.object({
      run,
      trendBatchId: z.string().max(200),
      trendBatchGlobalId: globalIdField('TrendBatch', 'trendBatchId'),
      season,
      brand: z.string().max(200).nullable(),
      revision: count,
      supersedes: z.string().max(200).nullable(),
      supersedesGlobalId: globalIdField('TrendBatch', 'supersedes'),
      collectionId: hex64.nullable(),
      collectionGlobalId: globalIdField('Collection', 'collectionId'),
      photos: count,
      garments: count,
      rising: z.array(z.string()).describe('Categories and colors called rising'),
      falling: z.array(z.string()).describe('Categories and colors called falling'),
      final: z
        .boolean()
        .describe('False while the run may still add its collection as a further revision'),
      publishedAt: timestamp,
      incomplete,
    }),
  },
  'deepstyle.dataset.ready.v1': {
    source: 'dataset',
    summary: 'A dataset was imported and can be trained on. Belongs to no run.',
    data: z.object({
      datasetId: hex64.describe('SHA-256 of its content'),
      datasetGlobalId: globalIdField('Dataset', 'datasetId'),
      name: z.string().max(200),
      images: count,
      annotations: count,
      splits: z
        .object({ train: count, val: count, test: count, none: count })
        .describe('Number of images in each split'),
      categories: z.array(z.object({ id: count, name: z.string().max(200), type: categoryType })),
      annotationsObject: objectReference.describe('The stored annotations'),
    }),
  },
  'deepstyle.detector.trained.v1': {
    source: 'detector',
    summary: 'A detector was trained and is the one that new runs use. Belongs to no run.',
    data: z.object({
      modelId: hex64.describe('Hash of dataset, labels and hyperparameters'),
      modelGlobalId: globalIdField('DetectorModel', 'modelId'),
      datasetId: z.string().max(200).describe('The dataset that it was trained on'),
      datasetGlobalId: globalIdField('Dataset', 'datasetId'),
      labels: z
        .enum(['categories', 'types'])
        .describe('What it tells apart: the categories of the dataset, or their types'),
      categories: z.array(z.object({ name: z.string().max(200), type: categoryType })),
      evaluation: z
        .object({
          split: z.string().max(50),
          images: count,
          ap: share.nullable().describe("COCO's AP@[.50:.95]"),
          ap50: share.nullable().describe('Average precision at IoU 0.5'),
        })
        .nullable()
        .describe('Measured on images that it was not trained on; null where there are none'),
    }),
  },
} as const satisfies Record<string, CatalogueEntry>;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]['data']>;
export type RunReference = z.infer<typeof run>;
export type PhotoReference = z.infer<typeof photo>;
