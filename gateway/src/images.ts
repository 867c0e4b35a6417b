import { DeepStyleError } from '@deepstyle/platform';
import { IMAGE_WIDTHS } from '@deepstyle/service';
import type { ObjectStore } from '@deepstyle/storage';
import type { RequestHandler } from 'express';
import sharp from 'sharp';

// Only content-addressed images; never models, checkpoints or anything else in the store.
const IMAGE_KEY = /^(photos|garments|designs|grids)\/[0-9a-f]{2}\/[0-9a-f]{64}$/;
const FORMATS = ['webp', 'jpeg', 'png'] as const;
const MAX_INPUT_PIXELS = 50_000_000;
// The key is the hash of the bytes, so what it names never changes.
const FOR_EVER = 'public, max-age=31536000, immutable';

/** `GET /images/<key>?w=<width>&f=<format>`: a stored image in one of a few widths and formats. */
export function imageRoute(objects: ObjectStore): RequestHandler {
  return async (request, response) => {
    const key = ([] as string[]).concat(request.params.key ?? []).join('/');
    const format = FORMATS.find((name) => name === (request.query.f ?? 'webp'));
    const width = request.query.w === undefined ? null : Number(request.query.w);
    const knownWidth = width === null || (IMAGE_WIDTHS as readonly number[]).includes(width);
    if (!IMAGE_KEY.test(key) || format === undefined || !knownWidth) {
      response.status(404).type('text/plain').send('There is no such image.');
      return;
    }
    try {
      const bytes = await objects.get(key);
      let image = sharp(bytes, { limitInputPixels: MAX_INPUT_PIXELS }).rotate();
      // A small design is shown enlarged with crisp pixels by the page, never by us.
      if (width !== null) image = image.resize({ width, withoutEnlargement: true });
      const body = await image.toFormat(format).toBuffer();
      response.setHeader('Cache-Control', FOR_EVER);
      response.type(`image/${format}`).send(body);
    } catch (thrown) {
      const notFound = thrown instanceof DeepStyleError && thrown.code === 'NOT_FOUND';
      response
        .status(notFound ? 404 : 503)
        .type('text/plain')
        .send(notFound ? 'There is no such image.' : 'Try again.');
    }
  };
}
