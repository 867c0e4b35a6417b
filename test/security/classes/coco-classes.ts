import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Coco, drawnCoco } from '../drawn-coco.ts';
import { type ClassOf, type DatasetInput, type Draw, integer, oneOf } from '../input.ts';
import { drawnPng, flatPng } from '../pictures.ts';

const JSON_FILE = 'services/dataset/src/coco/json-file.ts';
const ANNOTATIONS = 'services/dataset/src/coco/coco-annotations.ts';
const IMAGES = 'services/dataset/src/coco/coco-images.ts';

async function file({ folder }: Draw, text: string, name = 'coco.json'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** An import that ends well, without a picture. */
async function done(
  draw: Draw,
  text: string,
  images: number,
  ...codes: readonly string[]
): Promise<DatasetInput> {
  return { path: await file(draw, text), state: 'DONE', codes, images };
}

async function failed(
  draw: Draw,
  text: string,
  ...codes: readonly string[]
): Promise<DatasetInput> {
  return { path: await file(draw, text), state: 'FAILED', codes, images: 0 };
}

export function honest(draw: Draw): Promise<DatasetInput> {
  const coco = drawnCoco(draw.random);
  return done(draw, JSON.stringify(coco), coco.images.length);
}

/** The first of a list is changed, as text where JSON cannot say it. */
function changed(coco: Coco, list: keyof Coco, field: string, json: string): string {
  Object.assign(coco[list][0] ?? {}, { [field]: '@HERE@' });
  return JSON.stringify(coco).replace('"@HERE@"', json);
}

/** What becomes of a COCO file whose one value is odd. */
interface Odd {
  readonly list: keyof Coco;
  readonly field: string;
  readonly json: string;
  readonly codes: readonly string[];
  /** Images that are lost by it. */
  readonly lost?: number;
}

function oneOdd(draw: Draw, values: readonly Odd[]): Promise<DatasetInput> {
  const { list, field, json, codes, lost = 0 } = oneOf(draw.random, values);
  const coco = drawnCoco(draw.random);
  return done(draw, changed(coco, list, field, json), coco.images.length - lost, ...codes);
}

const ODD_TEXT = ['"nul\\u0000"', '"\\ud800half"', '"\\u001b[2J"', '"\\u202egpj"'];
const ofAnnotation = (field: string, json: string, ...codes: string[]): Odd => ({
  list: 'annotations',
  field,
  json,
  codes,
});
const ofImage = (field: string, json: string, ...codes: string[]): Odd => ({
  list: 'images',
  field,
  json,
  codes,
  lost: 1,
});

const NUMBERS: readonly Odd[] = [
  ofAnnotation('bbox', '[1e999, 1, 5, 5]', 'BOX_FROM_SEGMENTATION'),
  ofAnnotation('bbox', '[5, 5, -5, 1e300]', 'BOX_EMPTY'),
  ofAnnotation('bbox', '[-1e308, -1e308, 1e308, 1e308]', 'BOX_EMPTY'),
  ofAnnotation('bbox', '["5", null, {}, []]', 'BOX_FROM_SEGMENTATION'),
  ofAnnotation('area', '-0', 'AREA_INVALID'),
  ofAnnotation('iscrowd', '"1"', 'CROWD_INVALID'),
  ofAnnotation('segmentation', '{"size":[1e9,1e9,1],"counts":7}', 'SEGMENTATION_INVALID'),
];
const IDS: readonly Odd[] = [
  ofAnnotation('id', '-1', 'ID_NOT_POSITIVE'),
  ofAnnotation('id', '1e400', 'ID_NOT_POSITIVE'),
  ofAnnotation('id', '"__proto__"', 'ID_NOT_POSITIVE'),
  ofAnnotation('id', '2', 'DUPLICATE_ID'),
  ofAnnotation('image_id', '"constructor"', 'UNKNOWN_IMAGE'),
  ofAnnotation('category_id', '{"toString": 1}', 'UNKNOWN_CATEGORY'),
  ofAnnotation('image_id', '9007199254740993', 'UNKNOWN_IMAGE'),
];
const NAMES: readonly Odd[] = [
  ...ODD_TEXT.map((json) => ofImage('file_name', json, 'INVALID_NAME', 'UNKNOWN_IMAGE')),
  ofImage('file_name', '"../../../etc/passwd"', 'INVALID_NAME', 'UNKNOWN_IMAGE'),
  ofImage('file_name', '"/etc/passwd"', 'INVALID_NAME', 'UNKNOWN_IMAGE'),
  ofImage('file_name', `"${'x'.repeat(5000)}"`, 'INVALID_NAME', 'UNKNOWN_IMAGE'),
  ofImage('file_name', '{"a": 1}', 'FIELD_MISSING', 'UNKNOWN_IMAGE'),
];
const NESTED = ['bbox', 'segmentation', 'keypoints', 'attribute_ids', 'id'];

/** An image with its picture beside the file. */
async function withPicture(draw: Draw): Promise<DatasetInput> {
  const coco = drawnCoco(draw.random, 1);
  Object.assign(coco.images[0] ?? {}, { width: 16, height: 16 });
  Object.assign(coco.annotations[0] ?? {}, { bbox: [1, 1, 8, 8], segmentation: undefined });
  await writeFile(join(draw.folder, String(coco.images[0]?.['file_name'])), drawnPng(draw.random));
  return done(draw, JSON.stringify(coco), 1, 'IMAGE_TINY', 'SEGMENTATION_INVALID');
}

export const COCO_CLASSES: readonly ClassOf<'dataset'>[] = [
  {
    door: 'dataset',
    name: 'values nested without end',
    guard: JSON_FILE,
    hostile: (draw) => {
      const depth = integer(draw.random, 100, 200_000);
      const deep = '['.repeat(depth) + ']'.repeat(depth);
      const field = oneOf(draw.random, NESTED);
      return oneOdd(draw, [ofAnnotation(field, deep, 'TOO_DEEP')]);
    },
    honest,
  },
  {
    door: 'dataset',
    name: 'polygons without end',
    guard: ANNOTATIONS,
    hostile: (draw) => {
      const count = draw.number === 0 ? 150_000 : integer(draw.random, 1000, 50_000);
      const polygons = `[${Array.from({ length: count }, (_, n) => `[${n % 50},10,${(n % 50) + 2},10,3,30]`).join()}]`;
      const coco = drawnCoco(draw.random);
      Object.assign(coco.annotations[0] ?? {}, { bbox: undefined });
      const text = changed(coco, 'annotations', 'segmentation', polygons);
      return done(draw, text, coco.images.length, 'BOX_FROM_SEGMENTATION');
    },
    honest,
  },
  {
    door: 'dataset',
    name: 'numbers that are none',
    guard: ANNOTATIONS,
    hostile: (draw) => oneOdd(draw, NUMBERS),
    honest,
  },
  {
    door: 'dataset',
    name: 'ids that are none',
    guard: 'services/dataset/src/coco/identifiers.ts',
    hostile: (draw) => oneOdd(draw, IDS),
    honest,
  },
  {
    door: 'dataset',
    name: 'names of images',
    guard: IMAGES,
    hostile: (draw) => oneOdd(draw, NAMES),
    honest,
  },
  {
    door: 'dataset',
    name: 'JSON that is none',
    guard: JSON_FILE,
    hostile: (draw) => {
      const text = JSON.stringify(drawnCoco(draw.random));
      return failed(
        draw,
        oneOf(draw.random, [
          text.slice(0, integer(draw.random, 1, text.length - 1)),
          `${text}}`,
          `[${text}]`,
          `{"images": ${'['.repeat(100)}`,
          `{"images": ["${'x'.repeat(2_000_000)}`,
        ]),
      );
    },
    honest: (draw) => {
      const coco = drawnCoco(draw.random);
      return done(draw, `\ufeff${JSON.stringify(coco, null, 3)}\n`, coco.images.length);
    },
  },
  {
    door: 'dataset',
    name: 'values beyond size',
    guard: JSON_FILE,
    hostile: (draw) => {
      const size = draw.number === 0 ? 70_000_000 : integer(draw.random, 9_000_000, 12_000_000);
      const text = `{"info": "${'x'.repeat(size)}", "images": [], "annotations": [], "categories": []}`;
      return failed(draw, text);
    },
    honest: (draw) => {
      const coco = drawnCoco(draw.random);
      return done(draw, JSON.stringify({ info: 'x'.repeat(100_000), ...coco }), coco.images.length);
    },
  },
  {
    door: 'dataset',
    name: 'elements that are none',
    guard: 'services/dataset/src/irregularity-report.ts',
    hostile: (draw) => {
      const count = draw.number === 0 ? 1_500_000 : integer(draw.random, 1000, 100_000);
      const coco = drawnCoco(draw.random);
      const text = JSON.stringify(coco).replace(
        '"annotations":[',
        `"annotations":[${'{},'.repeat(count)}`,
      );
      return done(draw, text, coco.images.length, 'UNKNOWN_IMAGE');
    },
    honest,
  },
  {
    door: 'dataset',
    name: 'pictures of a dataset',
    guard: 'services/dataset/src/images/read-images.ts',
    hostile: async (draw) => {
      const coco = drawnCoco(draw.random, 1);
      const name = String(coco.images[0]?.['file_name']);
      const [bytes, code] = oneOf(draw.random, [
        [flatPng({ widthPx: 30_000, heightPx: 30_000 }, 10), 'IMAGE_TOO_LARGE'],
        [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'IMAGE_UNREADABLE'],
        [Buffer.alloc(0), 'IMAGE_UNREADABLE'],
      ] as const);
      await writeFile(join(draw.folder, name), bytes);
      return {
        path: await file(draw, JSON.stringify(coco)),
        state: 'DONE',
        codes: [code],
        images: 1,
      };
    },
    honest: withPicture,
  },
  {
    door: 'dataset',
    name: 'picture of any length',
    guard: 'packages/platform/src/read-file-up-to.ts',
    // It is empty to its end, and takes no room on the disk.
    hostile: async (draw) => {
      const coco = drawnCoco(draw.random, 1);
      const path = join(draw.folder, String(coco.images[0]?.['file_name']));
      await writeFile(path, '');
      await truncate(path, draw.number === 0 ? 1_500_000_000 : integer(draw.random, 65e6, 8e9));
      return done(draw, JSON.stringify(coco), 1, 'IMAGE_TOO_LARGE');
    },
    honest: withPicture,
  },
];
