import { DeepStyleError, InvalidArgumentError, NotFoundError } from '@deepstyle/platform';
import { IMAGE_WIDTHS } from '@deepstyle/service';
import type { ObjectStore } from '@deepstyle/storage';
import { ImageTooLargeError, MemoryBudget, type PhotoHeader, withPhoto } from '@deepstyle/vision';
import type { Request, RequestHandler } from 'express';

// Only content-addressed images; never models, checkpoints or anything else in the store.
const IMAGE_KEY = /^(photos|garments|designs|grids)\/[0-9a-f]{2}\/[0-9a-f]{64}$/;
const FORMATS = ['webp', 'jpeg', 'png'] as const;
const ENCODE_BYTES_PER_PIXEL = 8;
// The key is the hash of the bytes, so what it names never changes.
const FOR_EVER = 'public, max-age=31536000, immutable';

interface ImageRequest {
  readonly key: string;
  readonly width: number | null;
  readonly format: (typeof FORMATS)[number];
}

/** @throws NotFoundError for what cannot be the key of an image, InvalidArgumentError */
function parseImageRequest({ params, query }: Request): ImageRequest {
  const key = ([] as string[]).concat(params.key ?? []).join('/');
  if (!IMAGE_KEY.test(key)) throw new NotFoundError('image', key);
  const format = FORMATS.find((name) => name === (query.f ?? 'webp'));
  if (format === undefined) throw new InvalidArgumentError('f', `must be ${FORMATS.join(', ')}`);
  if (query.w === undefined) return { key, width: null, format };
  const width = IMAGE_WIDTHS.find((known) => String(known) === query.w);
  if (width === undefined)
    throw new InvalidArgumentError('w', `must be one of ${IMAGE_WIDTHS.join(', ')}`);
  return { key, width, format };
}

/** Stored images that are held at once, to be rendered. */
const MAX_HELD_BYTES = 64_000_000;
/** More would wait for longer than anybody looks at a page. */
const MAX_WAITING = 500;

/**
 * Renders an image once those before it leave enough memory: what waits holds none.
 *
 * @throws NotFoundError; ImagesBusyError; ImageNotShownError where the image needs more memory than the process allows;
 *   VisionError for what is none
 */
async function renderInTurn(
  objects: ObjectStore,
  held: MemoryBudget,
  wanted: ImageRequest,
): Promise<Buffer> {
  const stored = await objects.head(wanted.key);
  if (stored === null) throw new NotFoundError('image', wanted.key);
  if (held.waiting >= MAX_WAITING) throw new ImagesBusyError();
  const bytes = Math.min(stored.bytes, held.limitBytes);
  return held.hold(bytes, () => render(objects, wanted));
}

async function render(objects: ObjectStore, { key, width, format }: ImageRequest): Promise<Buffer> {
  const bytes = await objects.get(key);
  // An encoder holds all of its image.
  const resultBytes = (header: PhotoHeader) => {
    const scale = Math.min(1, (width ?? header.width) / header.width);
    return header.width * header.height * scale ** 2 * ENCODE_BYTES_PER_PIXEL;
  };
  try {
    return await withPhoto(bytes, { resultBytes }, ({ decode }) => {
      const image = decode().autoOrient();
      // Never enlarged: a page shows a small design larger by itself.
      const sized = width === null ? image : image.resize({ width, withoutEnlargement: true });
      return sized.toFormat(format).toBuffer();
    });
  } catch (error) {
    if (error instanceof ImageTooLargeError) throw new ImageNotShownError(error);
    throw error;
  }
}

class ImageNotShownError extends DeepStyleError {
  constructor({ code: reason, message }: ImageTooLargeError) {
    super({ code: 'FAILED_PRECONDITION', reason, message: `${reason}: ${message}` });
  }
}

class ImagesBusyError extends DeepStyleError {
  constructor() {
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'IMAGES_BUSY',
      message: 'Too many images are asked for at once. Try again in a while.',
    });
  }
}

/** `GET /images/<key>?w=<width>&f=<format>`: a stored image in one of a few widths and formats. */
export function imageRoute(objects: ObjectStore): RequestHandler {
  const held = new MemoryBudget(MAX_HELD_BYTES);
  return async (request, response) => {
    const wanted = parseImageRequest(request);
    const tag = `"${wanted.key}-${wanted.width}-${wanted.format}"`;
    // Whoever has it has it for ever: nothing is read or rendered to say so.
    const isKnown = request.get('if-none-match')?.includes(tag) === true;
    const body = isKnown ? null : await renderInTurn(objects, held, wanted);
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', FOR_EVER);
    if (body === null) response.status(304).end();
    else response.type(`image/${wanted.format}`).send(body);
  };
}
