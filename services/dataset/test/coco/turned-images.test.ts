import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { createTestFolder, drawnImage, type TestFolder } from '../drawn-deepfashion.ts';
import { readOnDisk } from '../reading.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** The photographs show 80 x 120 px, with a garment at this box and this outline. */
const [WIDTH, HEIGHT] = [80, 120];
const BOX = [10, 20, 30, 40] as const;
const OUTLINE = [10, 20, 40, 25, 12, 60];

/** The place of a pixel among the stored ones; EXIF 2.32, section 4.6.5. */
const STORED: Readonly<Record<number, (x: number, y: number) => [number, number]>> = {
  2: (x, y) => [WIDTH - x, y],
  3: (x, y) => [WIDTH - x, HEIGHT - y],
  4: (x, y) => [x, HEIGHT - y],
  5: (x, y) => [y, x],
  6: (x, y) => [y, WIDTH - x],
  7: (x, y) => [HEIGHT - y, WIDTH - x],
  8: (x, y) => [HEIGHT - y, x],
};

function storedSize(orientation: number): [number, number] {
  return orientation >= 5 ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
}

/** A red garment as it is stored, so that the box can be compared with what is shown. */
async function drawTurned(name: string, orientation: number): Promise<void> {
  const [width, height] = storedSize(orientation);
  const [left, top, w, h] = storedBox(orientation);
  const red = { create: { width: w, height: h, channels: 3, background: '#e01010' } } as const;
  const photo = sharp({ create: { width, height, channels: 3, background: '#707070' } })
    .composite([{ input: await sharp(red).png().toBuffer(), left, top }])
    .withMetadata({ orientation });
  folder.write(name, await photo.jpeg({ quality: 95 }).toBuffer());
}

function storedBox(orientation: number): [number, number, number, number] {
  const [x, y, w, h] = BOX;
  const [x1, y1] = STORED[orientation]?.(x, y) ?? [x, y];
  const [x2, y2] = STORED[orientation]?.(x + w, y + h) ?? [x + w, y + h];
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
}

function storedOutline(orientation: number): number[] {
  const points = [0, 2, 4].map((i) => [OUTLINE[i] as number, OUTLINE[i + 1] as number] as const);
  return points.flatMap(([x, y]) => STORED[orientation]?.(x, y) ?? [x, y]);
}

interface Row {
  readonly name: string;
  readonly size: readonly [number, number] | null;
  readonly bbox: readonly number[];
  readonly segmentation: unknown;
}

function coco(rows: readonly Row[]): string {
  return folder.write(
    'coco.json',
    JSON.stringify({
      images: rows.map(({ name, size }, i) => {
        return { id: i + 1, file_name: name, width: size?.[0], height: size?.[1] };
      }),
      annotations: rows.map(({ bbox, segmentation }, i) => ({
        ...{ id: i + 1, image_id: i + 1, category_id: 1, bbox, segmentation },
        ...{ area: 1200, iscrowd: 0, keypoints: [...storedPoint(bbox), 2, 0, 0, 0] },
      })),
      categories: [{ id: 1, name: 'dress', keypoints: ['neck', 'hem'] }],
    }),
  );
}

/** The left upper corner of a box. */
function storedPoint(bbox: readonly number[]): number[] {
  return bbox.slice(0, 2);
}

/** Where the photograph that is shown is red. */
async function redBox(name: string): Promise<number[]> {
  const { data, info } = await sharp(`${folder.path}/${name}`)
    .autoOrient()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([WIDTH, HEIGHT]);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < info.width * info.height; i += 1) {
    if ((data[i * 3] ?? 0) < 180 || (data[i * 3 + 1] ?? 0) > 70) continue;
    xs.push(i % info.width);
    ys.push(Math.floor(i / info.width));
  }
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) + 1 - left, Math.max(...ys) + 1 - top];
}

const ORIENTATIONS = [2, 3, 4, 5, 6, 7, 8];
const shownRow = (name: string): Row => {
  return { name, size: [WIDTH, HEIGHT], bbox: BOX, segmentation: [OUTLINE] };
};
const storedRow = (name: string, orientation: number): Row => ({
  name,
  size: storedSize(orientation),
  bbox: storedBox(orientation),
  segmentation: [storedOutline(orientation)],
});

describe('boxes of an image that EXIF turns count in the pixels shown', () => {
  test.each(ORIENTATIONS)('orientation %d, annotated as it is stored', async (orientation) => {
    await drawTurned('a.jpg', orientation);
    const path = coco([storedRow('a.jpg', orientation)]);
    const { images } = await readOnDisk(path, { pixels: 'stored' });
    const red = await redBox('a.jpg');
    const [image] = images;
    expect(image).toMatchObject({ width: WIDTH, height: HEIGHT });
    const [annotation] = image?.annotations ?? [];
    expect(annotation).toMatchObject({ bbox: BOX, area: 1200, segmentation: [OUTLINE] });
    for (const [i, value] of red.entries()) {
      expect(Math.abs(value - (annotation?.bbox[i] ?? 0))).toBeLessThanOrEqual(2);
    }
    const [x, y] = annotation?.keypoints ?? [];
    expect([BOX[0], BOX[0] + BOX[2]]).toContain(x);
    expect([BOX[1], BOX[1] + BOX[3]]).toContain(y);
    expect(annotation?.keypoints?.slice(3)).toEqual([0, 0, 0]);
  });

  test.each([5, 6, 7, 8])(
    'orientation %d tells by the size which they are',
    async (orientation) => {
      await drawTurned('a.jpg', orientation);
      await drawTurned('b.jpg', orientation);
      const path = coco([shownRow('a.jpg'), storedRow('b.jpg', orientation)]);
      const { images, irregularities } = await readOnDisk(path);
      expect(images.map(({ annotations }) => annotations[0]?.bbox)).toEqual([BOX, BOX]);
      expect(irregularities.map(({ code, effect }) => [code, effect])).toEqual([
        ['FRAME_SHOWN', 'noted'],
        ['FRAME_STORED', 'repaired'],
      ]);
    },
  );

  test.each([
    ['the other images of the file are stored', storedRow('b.jpg', 6), 'stored'],
    ['the other images of the file are shown', shownRow('b.jpg'), 'shown'],
  ])('where the size tells nothing: %s', async (_, other, frame) => {
    await drawTurned('a.jpg', 3);
    await drawTurned('b.jpg', 6);
    const path = coco([storedRow('a.jpg', 3), other]);
    const { images, irregularities } = await readOnDisk(path);
    const [first] = images;
    expect(first?.annotations[0]?.bbox).toEqual(frame === 'stored' ? BOX : storedBox(3));
    const told = irregularities.find(({ code }) => code === 'FRAME_ASSUMED');
    expect(told?.detail).toContain(`boxes count as ${frame}`);
  });

  test('alone and without a size they count as shown, unless the person says otherwise', async () => {
    await drawTurned('a.jpg', 6);
    const shown = await readOnDisk(coco([{ ...shownRow('a.jpg'), size: null }]));
    expect(shown.images[0]).toMatchObject({ width: WIDTH, annotations: [{ bbox: BOX }] });
    expect(shown.irregularities.map(({ code }) => code)).toEqual(['FRAME_ASSUMED']);
    const path = coco([{ ...storedRow('a.jpg', 6), size: null }]);
    const stored = await readOnDisk(path, { pixels: 'stored' });
    expect(stored.images[0]).toMatchObject({ width: WIDTH, annotations: [{ bbox: BOX }] });
    expect(stored.irregularities.map(({ code }) => code)).toEqual(['FRAME_STORED']);
  });

  test('what the person says goes before the size, and is told where it changes something', async () => {
    await drawTurned('a.jpg', 6);
    const { irregularities } = await readOnDisk(coco([shownRow('a.jpg')]), { pixels: 'shown' });
    expect(irregularities).toEqual([]);
    const other = await readOnDisk(coco([shownRow('a.jpg')]), { pixels: 'stored' });
    expect(other.irregularities.map(({ code }) => code)).toContain('SIZE_DISAGREES');
  });

  test('a run-length mask of one gives its box, and is left out', async () => {
    await drawTurned('a.jpg', 6);
    const [x, y, w, h] = storedBox(6);
    const columns = Array.from({ length: w - 1 }, () => [h, WIDTH - h]).flat();
    const counts = [x * WIDTH + y, ...columns, h];
    const segmentation = { size: [WIDTH, HEIGHT], counts };
    const path = coco([{ ...storedRow('a.jpg', 6), bbox: [0, 0, 0, 0], segmentation }]);
    const { images, irregularities } = await readOnDisk(path);
    expect(images[0]?.annotations[0]?.bbox).toEqual(BOX);
    expect(images[0]?.annotations[0]?.segmentation).toBeUndefined();
    expect(irregularities.map(({ code }) => code)).toContain('MASK_NOT_TURNED');
  });
});

test('an image that EXIF does not turn is read without a word', async () => {
  folder.write('a.jpg', await drawnImage(WIDTH, HEIGHT));
  expect((await readOnDisk(coco([shownRow('a.jpg')]))).found).toEqual([]);
});
