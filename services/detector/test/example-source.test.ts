import { createLogger } from '@deepstyle/platform';
import { ObjectStoreUnavailableError } from '@deepstyle/storage';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import type { AnnotatedImage, Annotation } from '../src/training/annotated-images.ts';
import { createExampleSource, type ExampleOptions } from '../src/training/example-source.ts';

const options: ExampleOptions = {
  network: { width: 64, height: 64 },
  maxTruths: 2,
  places: new Map([
    [3, 0],
    [7, 1],
  ]),
  cacheBytes: 1e9,
  maxPixels: 1e6,
};
const logger = createLogger({ level: 'silent', name: 'test' });

function annotation(box: Annotation['box'], change: Partial<Annotation> = {}): Annotation {
  return { box, categoryId: 3, areaPx: box[2] * box[3], isCrowd: false, ...change };
}

function image(change: Partial<AnnotatedImage> = {}): AnnotatedImage {
  const named = { id: 1, fileName: 'a.png', objectKey: 'a', split: 'train' as const };
  return { ...named, width: 128, height: 64, annotations: [], ...change };
}

/** A white photograph of 128 x 64 px under every key but those that are none. */
async function storeOf(corrupt: readonly string[] = []) {
  const white = { width: 128, height: 64, channels: 3, background: '#fff' } as const;
  const png = await sharp({ create: white }).png().toBuffer();
  const read: string[] = [];
  return {
    read,
    get: async (key: string): Promise<Uint8Array> => {
      read.push(key);
      return corrupt.includes(key) ? new Uint8Array([1, 2, 3]) : png;
    },
  };
}

describe('a training example', () => {
  test('is the photograph in the network’s image with its boxes in the same place', async () => {
    const annotated = image({ annotations: [annotation([64, 0, 64, 32], { categoryId: 7 })] });
    const source = createExampleSource({ objects: await storeOf(), logger }, [annotated], options);
    const { image: pixels, boxes, labels } = await source.load(0);
    expect([...boxes]).toEqual([32, 0, 64, 16]);
    expect([...labels]).toEqual([2]);
    // White above, grey below.
    expect([pixels[0], pixels[pixels.length - 1]]).toEqual([255, 128]);
  });

  test('shows a photograph that EXIF turns upright, with its boxes in the pixels shown', async () => {
    const red = { width: 64, height: 32, channels: 3, background: '#e01010' } as const;
    const garment = await sharp({ create: red }).png().toBuffer();
    // Stored lying on its left side: its top is on the left.
    const photo = await sharp({
      create: { width: 128, height: 64, channels: 3, background: '#707070' },
    })
      .composite([{ input: garment, left: 0, top: 16 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const annotated = image({
      ...{ width: 64, height: 128 },
      annotations: [annotation([16, 0, 32, 64])],
    });
    const objects = { get: async () => new Uint8Array(photo) };
    const source = createExampleSource({ objects, logger }, [annotated], options);
    const { image: pixels, boxes } = await source.load(0);
    const isRed = (x: number, y: number) => (pixels[(y * 64 + x) * 3] ?? 0) > 180;
    expect([...boxes]).toEqual([8, 0, 24, 32]);
    expect([isRed(10, 2), isRed(22, 29), isRed(5, 2), isRed(10, 35)]).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
  });

  test('leaves out what cannot be learnt from: crowds, unknown categories, boxes smaller than a pixel or outside', async () => {
    const annotations = [
      annotation([0, 0, 40, 40], { isCrowd: true }),
      annotation([0, 0, 40, 40], { categoryId: 99 }),
      annotation([10, 10, 1, 1]),
      annotation([200, 10, 50, 20]),
      annotation([0, 0, 30, 30]),
    ];
    const source = createExampleSource(
      {
        objects: await storeOf(),
        logger,
      },
      [image({ annotations })],
      options,
    );
    expect([...(await source.load(0)).boxes]).toEqual([0, 0, 15, 15]);
  });

  test('cuts boxes at the edge and keeps the largest where there are too many', async () => {
    const annotations = [
      annotation([0, 0, 10, 10]),
      annotation([-20, -20, 60, 60]),
      annotation([100, 30, 90, 90]),
    ];
    const source = createExampleSource(
      {
        objects: await storeOf(),
        logger,
      },
      [image({ annotations })],
      options,
    );
    expect([...(await source.load(0)).boxes]).toEqual([0, 0, 20, 20, 50, 15, 64, 32]);
  });

  test('whose image cannot be decoded is the next one that can, always', async () => {
    const objects = await storeOf(['b']);
    const named = ['a', 'b', 'c'].map((key, i) => {
      const annotations = [annotation([0, 0, 20 * (i + 1), 20])];
      return image({ objectKey: key, annotations });
    });
    const source = createExampleSource({ objects, logger }, named, options);
    expect(await source.load(1)).toEqual(await source.load(2));
    expect(await source.load(1)).toEqual(await source.load(2));
    expect(objects.read.filter((key) => key === 'b')).toHaveLength(1);
  });

  test('is read once as long as the cache has room', async () => {
    const objects = await storeOf();
    const two = [image(), image({ objectKey: 'b' })];
    const room = { ...options, cacheBytes: 64 * 64 * 3 };
    const source = createExampleSource({ objects, logger }, two, room);
    for (const place of [0, 1, 0, 1]) await source.load(place);
    expect(objects.read).toEqual(['a', 'b', 'b']);
  });

  test('is not made up where no image can be decoded', async () => {
    const source = createExampleSource(
      {
        objects: await storeOf(['a']),
        logger,
      },
      [image()],
      options,
    );
    await expect(source.load(0)).rejects.toMatchObject({ reason: 'DATASET_NOT_TRAINABLE' });
  });

  test('fails with its store', async () => {
    const objects = { get: () => Promise.reject(new ObjectStoreUnavailableError('away')) };
    const source = createExampleSource({ objects, logger }, [image()], options);
    await expect(source.load(0)).rejects.toThrow(/away/);
  });
});
