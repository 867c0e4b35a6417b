import { createHash } from 'node:crypto';
import type { PhotoReference } from '@deepstyle/contracts';
import type { ObjectStore } from '@deepstyle/storage';
import { createRandom, encodeRgb } from '@deepstyle/vision';

const [WIDTH, HEIGHT] = [96, 128];
/** Side of the squares of one colour that a photograph consists of, px. */
const SQUARE = 16;
const AT_ONCE = 16;

/** Stores small photographs of coloured squares, each different from all others also where it is decoded. */
export async function storePhotos(
  objects: Pick<ObjectStore, 'put'>,
  count: number,
): Promise<PhotoReference[]> {
  const photos: PhotoReference[] = [];
  while (photos.length < count) {
    const numbers = Array.from(
      { length: Math.min(AT_ONCE, count - photos.length) },
      (_, place) => photos.length + place,
    );
    photos.push(...(await Promise.all(numbers.map((number) => storePhoto(objects, number)))));
  }
  return photos;
}

async function storePhoto(
  objects: Pick<ObjectStore, 'put'>,
  number: number,
): Promise<PhotoReference> {
  const bytes = await drawSquares(number);
  const id = createHash('sha256').update(bytes).digest('hex');
  const image = await objects.put(`photos/${id.slice(0, 2)}/${id}`, bytes, 'image/jpeg');
  return { id, image, widthPx: WIDTH, heightPx: HEIGHT, brand: null, category: null };
}

/** A small JPEG photograph. */
export function drawSquares(seed: number): Promise<Uint8Array> {
  const random = createRandom(seed);
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let top = 0; top < HEIGHT; top += SQUARE) {
    for (let left = 0; left < WIDTH; left += SQUARE) {
      const row = Buffer.alloc(SQUARE * 3, Buffer.from([0, 0, 0].map(() => random() * 256)));
      for (let y = top; y < top + SQUARE; y += 1) data.set(row, (y * WIDTH + left) * 3);
    }
  }
  return encodeRgb({ width: WIDTH, height: HEIGHT, data }, { format: 'jpeg' });
}
