import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetAnnotation } from '@deepstyle/contracts';
import { doubled } from '../lists/growing-column.ts';

const BATCH_BYTES = 1 << 20;

/** Without a name, its space is taken back however the thread or the process ends. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'deepstyle-annotations-'));
  try {
    return openSync(join(folder, 'annotations'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Annotations on their way from a file's order into that of their images: kept in a temporary file, as those of a large
 * dataset with polygons would not fit into memory. Takes 28 bytes of memory per annotation.
 */
export class AnnotationSpill {
  readonly #file = openNameless();
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #written = 0;
  #count = 0;
  #places = new Int32Array(1 << 10);
  #ids = new Float64Array(1 << 10);
  #offsets = new Float64Array((1 << 10) + 1);
  /** Numbers of the annotations by image and id, and where those of each image begin; null until they are sorted. */
  #order: { readonly numbers: Int32Array; readonly starts: Int32Array } | null = null;

  get count(): number {
    return this.#count;
  }

  add(place: number, annotation: DatasetAnnotation): void {
    const number = this.#count;
    if (number === this.#places.length) {
      this.#places = doubled(this.#places);
      this.#ids = doubled(this.#ids);
      this.#offsets = doubled(this.#offsets);
    }
    const bytes = Buffer.from(JSON.stringify(annotation));
    this.#places[number] = place;
    this.#ids[number] = annotation.id;
    this.#batch.push(bytes);
    this.#batchBytes += bytes.length;
    this.#offsets[number + 1] = this.#written + this.#batchBytes;
    this.#count += 1;
    this.#order = null;
    if (this.#batchBytes >= BATCH_BYTES) this.#flush();
  }

  /** The annotations of an image, by ascending id. `images` is the number of all images. */
  of(place: number, images: number): DatasetAnnotation[] {
    this.#order ??= this.#sorted(images);
    const { numbers, starts } = this.#order;
    const own = numbers.subarray(starts[place], starts[place + 1]);
    return Array.from(own, (number) => this.#read(number));
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(number: number): DatasetAnnotation {
    const from = this.#offsets[number] as number;
    const bytes = Buffer.allocUnsafe((this.#offsets[number + 1] as number) - from);
    readSync(this.#file, bytes, 0, bytes.length, from);
    return JSON.parse(bytes.toString('utf8')) as DatasetAnnotation;
  }

  #sorted(images: number): { numbers: Int32Array; starts: Int32Array } {
    this.#flush();
    const [places, ids] = [this.#places, this.#ids];
    const numbers = Int32Array.from({ length: this.#count }, (_, number) => number).sort(
      (a, b) =>
        (places[a] as number) - (places[b] as number) || (ids[a] as number) - (ids[b] as number),
    );
    const starts = new Int32Array(images + 1);
    for (const number of numbers) {
      const next = (places[number] as number) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let place = 0; place < images; place += 1) {
      starts[place + 1] = (starts[place + 1] as number) + (starts[place] as number);
    }
    return { numbers, starts };
  }

  #flush(): void {
    if (this.#batchBytes === 0) return;
    const bytes = Buffer.concat(this.#batch);
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.#file, bytes, at, bytes.length - at, this.#written + at);
    }
    this.#written += bytes.length;
    this.#batch = [];
    this.#batchBytes = 0;
  }
}
