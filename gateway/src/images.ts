import { DeepStyleError } from '@deepstyle/platform';
import { IMAGE_WIDTHS } from '@deepstyle/service';
import type { ObjectStore } from '@deepstyle/storage';
import type { Request, RequestHandler } from 'express';
import sharp from 'sharp';

// Only content-addressed images; never models, checkpoints or anything else in the store.
const IMAGE_KEY = /^(photos|garments|designs|grids)\/[0-9a-f]{2}\/[0-9a-f]{64}$/;
const FORMATS = ['webp', 'jpeg', 'png'] as const;
const MAX_INPUT_PIXELS = 50_000_000;
// The key is the hash of the bytes, so what it names never changes.
const FOR_EVER = 'public, max-age=31536000, immutable';

interface ImageRequest {
  readonly key: string;
  readonly width: number | null;
  readonly format: (typeof FORMATS)[number];
}

/** What is asked for, or null where no image can answer to it. */
function parseImageRequest(request: Request): ImageRequest | null {
  const key = ([] as string[]).concat(request.params.key ?? []).join('/');
  const format = FORMATS.find((name) => name === (request.query.f ?? 'webp'));
  const width = request.query.w === undefined ? null : Number(request.query.w);
  const knownWidth = width === null || (IMAGE_WIDTHS as readonly number[]).includes(width);
  return IMAGE_KEY.test(key) && format !== undefined && knownWidth ? { key, width, format } : null;
}

async function render(objects: ObjectStore, { key, width, format }: ImageRequest): Promise<Buffer> {
  const image = sharp(await objects.get(key), { limitInputPixels: MAX_INPUT_PIXELS }).rotate();
  // Never enlarged: a page shows a small design larger by itself.
  const sized = width === null ? image : image.resize({ width, withoutEnlargement: true });
  return sized.toFormat(format).toBuffer();
}

/** `GET /images/<key>?w=<width>&f=<format>`: a stored image in one of a few widths and formats. */
export function imageRoute(objects: ObjectStore): RequestHandler {
  return async (request, response) => {
    const refuse = (status: number, message: string): void => {
      response.status(status).type('text/plain').send(message);
    };
    const wanted = parseImageRequest(request);
    if (wanted === null) return refuse(404, 'There is no such image.');
    try {
      const body = await render(objects, wanted);
      response.setHeader('Cache-Control', FOR_EVER);
      response.type(`image/${wanted.format}`).send(body);
    } catch (thrown) {
      if (DeepStyleError.from(thrown).code === 'NOT_FOUND') refuse(404, 'There is no such image.');
      else refuse(503, 'The image cannot be served now. Try again.');
    }
  };
}
