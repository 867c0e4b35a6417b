import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import {
  DATASET_FORMAT,
  type DatasetHeaderLine,
  type DatasetImageLine,
  datasetHeaderLine,
} from '@deepstyle/contracts';
import type { ObjectReference } from '@deepstyle/storage';
import type { AnnotatedImage, DatasetSource } from './dataset-source.ts';
import { DatasetFileError } from './errors.ts';
import { TextBatches } from './text-batches.ts';

/** A dataset as one object: gzip-compressed lines of JSON, by the contract of `dataset-file.ts` in contracts. */
export interface DatasetFile {
  /** SHA-256 of the uncompressed bytes: the dataset's id. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** The stored images by id; an image without its bytes has none. */
export type StoredImages = ReadonlyMap<number, ObjectReference>;

/**
 * Writes a dataset into memory, compressed: about 40 bytes per image of one garment.
 *
 * @param onImages told now and then of the images written so far
 */
export async function encodeDataset(
  source: DatasetSource,
  stored: StoredImages,
  onImages: (images: number) => Promise<void> | void = () => {},
): Promise<DatasetFile> {
  const hash = createHash('sha256');
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(gzip, 'end');
  const batches = new TextBatches({
    write: async (bytes) => {
      hash.update(bytes);
      await compressed(gzip, bytes);
    },
  });
  batches.add(`${JSON.stringify(headerOf(source))}\n`);
  let images = 0;
  for (const image of source.images()) {
    images += 1;
    batches.add(`${JSON.stringify(lineOf(image, stored.get(image.id)))}\n`);
    if (!batches.isFull) continue;
    await batches.flush();
    await onImages(images);
  }
  await batches.end();
  gzip.end();
  await ended;
  return { id: hash.digest('hex'), bytes: Buffer.concat(chunks) };
}

/** Once this is kept, the bytes are gzip's no longer. */
function compressed(gzip: Gzip, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function headerOf(source: DatasetSource): DatasetHeaderLine {
  const { boxConvention, categories, attributes, keypoints, counts } = source;
  return {
    format: DATASET_FORMAT,
    box_convention: boxConvention,
    images: counts.images,
    annotations: counts.annotations,
    categories: [...categories],
    attributes: [...attributes],
    keypoints: [...keypoints],
  };
}

/** With its keys in one order, as the dataset's id is the hash of this text. */
function lineOf(image: AnnotatedImage, object: ObjectReference | undefined): DatasetImageLine {
  const { id, file_name, width, height, split, annotations } = image;
  return { id, file_name, width, height, split, object: object ?? null, annotations };
}

/** A dataset file that is read in batches of its lines. */
export interface ReadDataset {
  readonly header: DatasetHeaderLine;
  batches(): AsyncIterable<readonly DatasetImageLine[]>;
}

/**
 * Reads a dataset file; `open` gives its compressed bytes anew for each time that it is gone through.
 *
 * @throws DatasetFileError
 */
export async function readDataset(
  open: () => Promise<ReadableStream<Uint8Array>>,
): Promise<ReadDataset> {
  for await (const [first] of lineBatches(await open())) {
    const header = datasetHeaderLine.safeParse(parse(first ?? ''));
    if (!header.success) throw new DatasetFileError(header.error.message);
    return { header: header.data, batches: () => imageBatches(open) };
  }
  throw new DatasetFileError('it is empty');
}

async function* imageBatches(
  open: () => Promise<ReadableStream<Uint8Array>>,
): AsyncGenerator<readonly DatasetImageLine[]> {
  let isFirst = true;
  for await (const lines of lineBatches(await open())) {
    yield (isFirst ? lines.slice(1) : lines).map((line) => parse(line) as DatasetImageLine);
    isFirst = false;
  }
}

async function* lineBatches(stream: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const compressed = Readable.fromWeb(stream as never);
  const text = compressed.pipe(createGunzip());
  compressed.on('error', (error) => text.destroy(error));
  text.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    throw new DatasetFileError('it is damaged or was cut short', error);
  } finally {
    compressed.destroy();
  }
  if (rest !== '') throw new DatasetFileError('it ends in the middle of a line');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new DatasetFileError('a line is no JSON', error);
  }
}
