import { BOX_CONVENTIONS, type BoxConvention } from '../category.ts';
import type { AnnotatedImage, DatasetSource } from '../dataset-source.ts';
import type { ImageSlots } from '../image-slots.ts';
import type { ListReading } from '../lists/list-file.ts';
import { AnnotationSpill } from './annotation-spill.ts';
import { annotationOf } from './coco-annotations.ts';
import { type CategoryIds, CocoCategories } from './coco-categories.ts';
import type { CocoFile } from './coco-files.ts';
import { asRow, type CocoImageRow, imageOf, type Say, shownValue } from './coco-images.ts';
import { Identifiers } from './identifiers.ts';
import { MAX_NESTING, readJsonLists } from './json-file.ts';

/** COCO files whose images and categories are read; sizes that they do not say may be filled in. */
export interface OpenedCoco {
  readonly slots: ImageSlots;
  /** Reads the annotations, each checked against the size of its image. */
  settle(): Promise<DatasetSource>;
  /** Removes what lies on the disk meanwhile. */
  close(): void;
}

/** What ids of one file mean. */
interface FileIds {
  readonly images: Map<unknown, number>;
  readonly categories: CategoryIds;
  readonly annotations: Set<unknown>;
}

const LISTS = ['images', 'annotations', 'categories'] as const;
const PROGRESS_EVERY = 8192;
const TOO_DEEP = `It has more than ${MAX_NESTING} levels.`;

/**
 * Opens COCO files as one dataset. Categories of several files are one where they have one name; ids are kept as long as
 * no two files have the same.
 *
 * @throws JsonSyntaxError, IrregularDatasetError in strict mode, what the file system throws
 */
export async function openCoco(
  files: readonly CocoFile[],
  reading: ListReading,
): Promise<OpenedCoco> {
  const coco = new CocoReader(reading);
  for (const file of files) await coco.readImages(file);
  const spill = new AnnotationSpill();
  return {
    slots: coco.slots(),
    settle: async () => {
      coco.reportUnsized();
      for (const file of files) await coco.readAnnotations(file, spill);
      return coco.source(spill);
    },
    close: () => spill.close(),
  };
}

class CocoReader {
  readonly #reading: ListReading;
  readonly #images: CocoImageRow[] = [];
  readonly #imageIds = new Identifiers();
  readonly #annotationIds = new Identifiers();
  readonly #categories = new CocoCategories();
  readonly #idsOfFile = new Map<CocoFile, FileIds>();
  readonly #fileNames = new Set<string>();
  #boxConvention: BoxConvention = 'exclusive';

  constructor(reading: ListReading) {
    this.#reading = reading;
  }

  async readImages(file: CocoFile): Promise<void> {
    const ids: FileIds = { images: new Map(), categories: new Map(), annotations: new Set() };
    this.#idsOfFile.set(file, ids);
    const seen = new Set<string>();
    await readJsonLists(
      file,
      {
        onList: (key, line) => {
          if (seen.has(key)) this.#say(file, line)('REPEATED_KEY', `"${key}"`);
          seen.add(key);
          // Small lists that nothing here needs are parsed too: they must be JSON for whoever reads the file next.
          return key !== 'annotations';
        },
        onValue: (key, index, value, line) => {
          const say = this.#say(file, line, key, index);
          if (index === null) this.#takeTopValue(key, value, say);
          else if (key === 'images') this.#takeImage(file, ids, value, line, index);
          else if (key === 'categories') this.#categories.takeCategory(ids.categories, value, say);
          else if (key === 'attributes') this.#categories.takeAttribute(value, say);
        },
        onTooDeep: (key, index, line) => this.#say(file, line, key, index)('TOO_DEEP', TOO_DEEP),
      },
      this.#reading.signal,
    );
    for (const list of LISTS.filter((key) => !seen.has(key))) {
      this.#say(file, null)('LIST_MISSING', `There is no list "${list}".`);
    }
  }

  async readAnnotations(file: CocoFile, spill: AnnotationSpill): Promise<void> {
    const ids = this.#idsOfFile.get(file);
    if (ids === undefined) return;
    const attributes = new Set(this.#categories.attributes.map(({ id }) => id));
    await readJsonLists(
      file,
      {
        onList: (key) => key === 'annotations',
        onValue: (key, index, value, line) => {
          if (index === null) return;
          const say = this.#say(file, line, key, index);
          this.#takeAnnotation(ids, value, attributes, spill, say);
          if (index % PROGRESS_EVERY === 0) this.#reading.onProgress?.(file.name, index);
        },
        // Values at the top were told of when the images were read.
        onTooDeep: (key, index, line) => {
          if (index !== null) this.#say(file, line, key, index)('TOO_DEEP', TOO_DEEP);
        },
      },
      this.#reading.signal,
    );
  }

  /** Images without a size are left out, with their annotations. */
  reportUnsized(): void {
    for (const { width, file, line, fileName } of this.#images) {
      if (width === 0) this.#reading.report.add('SIZE_UNKNOWN', file, line, fileName);
    }
  }

  slots(): ImageSlots {
    const at = (place: number) => this.#images[place] as CocoImageRow;
    return {
      count: this.#images.length,
      fileName: (place) => at(place).fileName,
      size: (place) => (at(place).width > 0 ? [at(place).width, at(place).height] : null),
      setSize: (place, width, height) => Object.assign(at(place), { width, height }),
      id: (place) => at(place).id,
      origin: (place) => at(place),
    };
  }

  source(spill: AnnotationSpill): DatasetSource {
    const places = this.#images
      .map((_, place) => place)
      .filter((place) => (this.#images[place]?.width ?? 0) > 0)
      .sort((a, b) => (this.#images[a]?.id ?? 0) - (this.#images[b]?.id ?? 0));
    const splits = { train: 0, val: 0, test: 0, none: 0 };
    for (const place of places) splits[this.#images[place]?.split ?? 'none'] += 1;
    const imageAt = (place: number) => this.#imageAt(place, spill);
    return {
      boxConvention: this.#boxConvention,
      categories: this.#categories.categories,
      attributes: this.#categories.attributes,
      keypoints: this.#categories.keypoints,
      counts: { images: places.length, annotations: spill.count, splits },
      images: function* () {
        for (const place of places) yield imageAt(place);
      },
    };
  }

  #imageAt(place: number, spill: AnnotationSpill): AnnotatedImage {
    const { id, fileName, width, height, split } = this.#images[place] as CocoImageRow;
    const annotations = spill.of(place, this.#images.length);
    return { id, file_name: fileName, width, height, split, annotations };
  }

  #say(
    file: CocoFile,
    line: number | null,
    key: string | null = null,
    index: number | null = null,
  ): Say {
    const place = index === null ? '' : `${key}[${index}] `;
    return (code, detail) => this.#reading.report.add(code, file.name, line, place + detail);
  }

  #takeTopValue(key: string, value: unknown, say: Say): void {
    if (LISTS.some((list) => list === key)) say('LIST_MISSING', `"${key}" is no list.`);
    const said = key === 'info' ? asRow(value)?.box_convention : undefined;
    this.#boxConvention = BOX_CONVENTIONS.find((each) => each === said) ?? this.#boxConvention;
  }

  #takeImage(file: CocoFile, ids: FileIds, value: unknown, line: number, index: number): void {
    const say = this.#say(file, line, 'images', index);
    const image = imageOf(value, file.split, say);
    const given = asRow(value)?.id;
    if (image === null) return;
    // A file's second image of one id is reached by nothing; the first keeps its annotations.
    const isRepeated = given !== undefined && ids.images.has(given);
    const id = idFor(this.#imageIds, given, isRepeated, say);
    if (!isRepeated && given !== undefined) ids.images.set(given, this.#images.length);
    if (this.#fileNames.has(image.fileName)) say('DUPLICATE_NAME', image.fileName);
    this.#fileNames.add(image.fileName);
    this.#images.push({ ...image, id, file: file.name, line });
  }

  #takeAnnotation(
    ids: FileIds,
    value: unknown,
    attributes: ReadonlySet<number>,
    spill: AnnotationSpill,
    say: Say,
  ): void {
    const row = asRow(value);
    const place = ids.images.get(row?.image_id);
    const image = place === undefined ? undefined : this.#images[place];
    if (row === null || place === undefined || image === undefined) {
      say('UNKNOWN_IMAGE', `image_id is ${shownValue(row?.image_id)}.`);
      return;
    }
    const category = ids.categories.get(row.category_id);
    if (category === undefined) {
      say('UNKNOWN_CATEGORY', `category_id is ${shownValue(row.category_id)}.`);
      return;
    }
    // Without a size the image is left out, which is reported once, of the image.
    if (image.width === 0) return;
    const keypoints = this.#categories.keypoints.length;
    const annotation = annotationOf(row, { ...image, keypoints, attributes }, say);
    if (annotation === null) return;
    const isRepeated = row.id !== undefined && ids.annotations.has(row.id);
    ids.annotations.add(row.id);
    const id = idFor(this.#annotationIds, row.id, isRepeated, say);
    spill.add(place, { id, category_id: category, ...annotation });
  }
}

/** An id of another file is no irregularity: each file has its own. */
function idFor(identifiers: Identifiers, given: unknown, isRepeated: boolean, say: Say): number {
  const { id, problem } = identifiers.take(given);
  if (problem === 'invalid') say('ID_NOT_POSITIVE', `id ${shownValue(given)} became ${id}.`);
  else if (isRepeated) say('DUPLICATE_ID', `id ${shownValue(given)} became ${id}.`);
  return id;
}
