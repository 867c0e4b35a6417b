/** Reads a dataset's stored annotations; see dataset-file.ts in contracts. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  type DatasetHeaderLine,
  type DatasetImageLine,
  datasetHeaderLine,
  datasetImageLine,
} from '@deepstyle/contracts';
import type { ObjectStore } from '@deepstyle/storage';
import { DatasetFileError } from '../errors.ts';

export interface Annotation {
  /** Left, top, width, height in px of the image. */
  readonly box: readonly [number, number, number, number];
  /** Id in the dataset. */
  readonly categoryId: number;
  readonly areaPx: number;
  readonly isCrowd: boolean;
}

/** An image whose bytes are stored. */
export interface AnnotatedImage {
  readonly id: number;
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly split: DatasetImageLine['split'];
  readonly objectKey: string;
  readonly annotations: readonly Annotation[];
}

export interface DatasetContent {
  readonly categories: DatasetHeaderLine['categories'];
  readonly images: readonly AnnotatedImage[];
  /** Images that are left out because their bytes are not stored. */
  readonly withoutBytes: number;
}

/** All images with their annotations; about 300 bytes each in memory. @throws DatasetFileError */
export async function readDatasetContent(
  objects: Pick<ObjectStore, 'stream'>,
  key: string,
): Promise<DatasetContent> {
  const images: AnnotatedImage[] = [];
  let header: DatasetHeaderLine | null = null;
  let withoutBytes = 0;
  for await (const line of linesOf(await objects.stream(key), key)) {
    if (header === null) {
      header = parse(datasetHeaderLine, line, key);
      continue;
    }
    const image = annotatedImage(parse(datasetImageLine, line, key));
    if (image === null) withoutBytes += 1;
    else images.push(image);
  }
  if (header === null) throw new DatasetFileError(key, 'it is empty');
  return { categories: header.categories, images, withoutBytes };
}

function annotatedImage(line: DatasetImageLine): AnnotatedImage | null {
  const { id, width, height, split, object } = line;
  if (object === null) return null;
  return {
    ...{ id, width, height, split },
    fileName: line.file_name,
    objectKey: object.key,
    annotations: line.annotations.map(({ bbox, category_id, area, iscrowd }) => ({
      box: bbox,
      categoryId: category_id,
      areaPx: area,
      isCrowd: iscrowd === 1,
    })),
  };
}

interface Schema<T> {
  parse(value: unknown): T;
}

function parse<T>(schema: Schema<T>, line: string, key: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new DatasetFileError(key, 'a line is not what it should be', error);
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>, key: string): AsyncGenerator<string> {
  const compressed = Readable.fromWeb(stream as never);
  const text = compressed.pipe(createGunzip());
  compressed.on('error', (error) => text.destroy(error));
  text.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw error instanceof DatasetFileError
      ? error
      : new DatasetFileError(key, 'it is damaged or was cut short', error);
  } finally {
    compressed.destroy();
  }
  if (rest !== '') throw new DatasetFileError(key, 'it ends in the middle of a line');
}
