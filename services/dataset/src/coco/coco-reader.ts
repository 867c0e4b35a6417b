import { BOX_CONVENTIONS, type BoxConvention, type Split } from '../category.ts';
import type { AnnotatedImage, DatasetSource } from '../dataset-source.ts';
import type { ImageSlots } from '../image-slots.ts';
import type { ImagePlaces } from '../images/image-places.ts';
import { type PixelFrame, settleFrames } from '../images/pixel-frames.ts';
import type { ListReading } from '../lists/list-file.ts';
import type { AnnotationSpill } from './annotation-spill.ts';
import { annotationOf } from './coco-annotations.ts';
import { type CategoryIds, CocoCategories, type CocoCategory } from './coco-categories.ts';
import type { CocoFile } from './coco-files.ts';
import { type CocoImageRow, imageOf, type Say } from './coco-images.ts';
import { CocoPlaces, type ImageSearch } from './coco-places.ts';
import { CrowdTally } from './crowds.ts';
import { idOf } from './id-of.ts';
import { Identifiers, type IdProblem } from './identifiers.ts';
import { MAX_NESTING, readJsonLists } from './json-file.ts';
import { asRow, idKey, type JsonRow, shownValue } from './values.ts';

/** What ids of one file mean, as `idKey` has them. */
interface FileIds {
  readonly images: Map<unknown, number>;
  readonly categories: CategoryIds;
  /** Ids of annotations that another file has too. */
  readonly taken: Set<unknown>;
  /** Names of the images of each split. */
  readonly names: Map<Split | null, Set<string>>;
}

const LISTS = ['images', 'annotations', 'categories'] as const;
const PROGRESS_EVERY = 8192;
const TOO_DEEP = `It has more than ${MAX_NESTING} levels.`;
const NAN = 'NaN or Infinity is one of its values.';

/** Reads COCO files into one dataset: first the images and categories of all, then their annotations. */
export class CocoReader {
  readonly #reading: ListReading;
  readonly #places: CocoPlaces;
  readonly #images: CocoImageRow[] = [];
  /** Of images whose id an earlier one of the file has. */
  readonly #repeated = new Set<CocoImageRow>();
  readonly #annotationIds = new Identifiers<FileIds>();
  readonly #categories = new CocoCategories();
  readonly #idsOfFile = new Map<CocoFile, FileIds>();
  readonly #used = new Set<CocoCategory>();
  readonly #seen = new Map<number, Parameters<ImageSlots['see']>[1]>();
  #boxConvention: BoxConvention = 'exclusive';

  constructor(search: ImageSearch, reading: ListReading) {
    this.#reading = reading;
    this.#places = new CocoPlaces(search);
  }

  /** @param isAlone whether there is no other file, so that this one is read whatever it lacks */
  async readImages(file: CocoFile, isAlone: boolean): Promise<void> {
    const ids: FileIds = {
      images: new Map(),
      categories: new Map(),
      taken: new Set(),
      names: new Map(),
    };
    const seen = new Set<string>();
    const first = this.#images.length;
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
        onNaN: (key, index, line) => this.#say(file, line, key, index)('NAN', NAN),
      },
      this.#reading.signal,
    );
    if (!isAlone && ids.categories.size === 0) {
      this.#images.length = first;
      this.#say(file, null)('OTHER_FILE', 'It has no categories.');
      return;
    }
    this.#idsOfFile.set(file, ids);
    for (const image of this.#images.slice(first)) {
      image.group = this.#places.take(file, image.split, image.fileName);
    }
    for (const list of LISTS.filter((key) => !seen.has(key))) {
      this.#say(file, null)('LIST_MISSING', `There is no list "${list}".`);
    }
  }

  /** Gives images and categories their ids, once all files are read: usable ones are kept, the others get new ones. */
  settleIds(): void {
    this.#categories.settleIds();
    const identifiers = new Identifiers<string>();
    const others: CocoImageRow[] = [];
    for (const image of this.#images) {
      const { given, name } = image;
      const id = this.#repeated.has(image) ? null : identifiers.claim(idKey(given), name);
      if (id === null) others.push(image);
      else image.id = id;
    }
    for (const image of others) {
      const { id, problem } = identifiers.take(idKey(image.given), image.name);
      image.id = id;
      const say = this.#say(image, image.line, 'images', image.index);
      sayOfId(image.given, id, this.#repeated.has(image) ? 'repeated' : problem, say);
    }
  }

  async readAnnotations(spill: AnnotationSpill): Promise<void> {
    const attributes = new Set<unknown>(this.#categories.attributes.map(({ id }) => id));
    for (const [file, ids] of this.#idsOfFile) {
      const crowds = new CrowdTally();
      await readJsonLists(
        file,
        {
          onList: (key) => key === 'annotations',
          onValue: (key, index, value, line) => {
            if (index === null) return;
            const say = this.#say(file, line, key, index);
            this.#takeAnnotation(ids, value, attributes, { spill, crowds }, say);
            if (index % PROGRESS_EVERY === 0) this.#reading.onProgress?.(file.name, index);
          },
          // Values at the top were told of when the images were read.
          onTooDeep: (key, index, line) => {
            if (index !== null) this.#say(file, line, key, index)('TOO_DEEP', TOO_DEEP);
          },
          onNaN: (key, index, line) => {
            if (index !== null) this.#say(file, line, key, index)('NAN', NAN);
          },
        },
        this.#reading.signal,
      );
      const told = crowds.summary();
      if (told !== null) this.#say(file, null)('CROWDS', told);
    }
    this.#categories.dropGroups(this.#used);
  }

  /** Images of which nothing tells a size are left out, with their annotations. */
  settleSizes(pixels: PixelFrame | null): void {
    const { report } = this.#reading;
    settleFrames(this.slots(), this.#seen, pixels, report, (place, { size, turn }) => {
      const [shownWidth, shownHeight] = size;
      Object.assign(this.#images[place] as CocoImageRow, { shownWidth, shownHeight, turn });
    });
    for (const { shownWidth, name, line, fileName } of this.#images) {
      if (shownWidth === 0) report.add('SIZE_UNKNOWN', name, line, fileName);
    }
  }

  slots(): ImageSlots {
    const at = (place: number) => this.#images[place] as CocoImageRow;
    return {
      count: this.#images.length,
      fileName: (place) => at(place).fileName,
      group: (place) => at(place).group,
      size: (place) => (at(place).width > 0 ? [at(place).width, at(place).height] : null),
      see: (place, seen) => void this.#seen.set(place, seen),
      id: (place) => at(place).id,
      origin: (place) => ({ file: at(place).name, line: at(place).line }),
    };
  }

  places(): ImagePlaces {
    return this.#places.places();
  }

  source(spill: AnnotationSpill): DatasetSource {
    const images = this.#images;
    const places = images
      .map((_, place) => place)
      .filter((place) => (images[place]?.shownWidth ?? 0) > 0)
      .sort((a, b) => (images[a]?.id ?? 0) - (images[b]?.id ?? 0));
    const splits = { train: 0, val: 0, test: 0, none: 0 };
    for (const place of places) splits[images[place]?.split ?? 'none'] += 1;
    const imageAt = (place: number): AnnotatedImage => {
      const { id, fileName, shownWidth, shownHeight, split } = images[place] as CocoImageRow;
      const size = { width: shownWidth, height: shownHeight };
      const annotations = spill.of(place, images.length);
      return { id, file_name: fileName, ...size, split, annotations };
    };
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

  #say(
    { name }: { readonly name: string },
    line: number | null,
    key: string | null = null,
    index: number | null = null,
  ): Say {
    const place = index === null ? '' : `${key}[${index}] `;
    return (code, detail) => this.#reading.report.add(code, name, line, place + detail);
  }

  #takeTopValue(key: string, value: unknown, say: Say): void {
    if (LISTS.some((list) => list === key)) say('LIST_MISSING', `"${key}" is no list.`);
    const said = key === 'info' ? asRow(value)?.box_convention : undefined;
    this.#boxConvention = BOX_CONVENTIONS.find((each) => each === said) ?? this.#boxConvention;
  }

  #takeImage(file: CocoFile, ids: FileIds, value: unknown, line: number, index: number): void {
    const say = this.#say(file, line, 'images', index);
    const found = imageOf(value, file.split, say);
    if (found === null) return;
    const given = asRow(value)?.id;
    const { fileName, isCut, width, height, split } = found;
    // Made for each of many images, so without spreading.
    const row: CocoImageRow = {
      id: 0,
      given,
      fileName,
      width,
      height,
      split,
      name: file.name,
      line,
      index,
      group: 0,
      shownWidth: width,
      shownHeight: height,
      turn: null,
    };
    const key = idOf(given, 'id', say);
    // A file's second image of one id is reached by nothing; the first keeps its annotations.
    if (key !== null && ids.images.has(key)) this.#repeated.add(row);
    else if (key !== null) ids.images.set(key, this.#images.length);
    // Of two paths that lead nowhere the last name may be one file.
    const name = isCut ? fileName.slice(fileName.lastIndexOf('/')) : fileName;
    const names = ids.names.get(split) ?? new Set();
    if (names.has(name)) say('DUPLICATE_NAME', fileName);
    ids.names.set(split, names.add(name));
    this.#images.push(row);
  }

  #takeAnnotation(
    ids: FileIds,
    value: unknown,
    attributes: ReadonlySet<unknown>,
    { spill, crowds }: { readonly spill: AnnotationSpill; readonly crowds: CrowdTally },
    say: Say,
  ): void {
    const row = asRow(value);
    const place = ids.images.get(idOf(row?.image_id, 'image_id', say));
    const image = place === undefined ? undefined : this.#images[place];
    if (row === null || place === undefined || image === undefined) {
      say('UNKNOWN_IMAGE', `image_id is ${shownValue(row?.image_id)}.`);
      return;
    }
    const category = ids.categories.get(idOf(row.category_id, 'category_id', say));
    if (category === undefined) {
      say('UNKNOWN_CATEGORY', `category_id is ${shownValue(row.category_id)}.`);
      return;
    }
    const { shownWidth: width, shownHeight: height, turn } = image;
    // Without a size the image is left out, which is reported once, of the image.
    if (width === 0) return;
    const keypoints = this.#categories.keypoints.length;
    const annotation = annotationOf(row, { width, height, turn, keypoints, attributes }, say);
    if (annotation === null) return;
    this.#used.add(category);
    crowds.add(category.name, row, annotation.iscrowd);
    const id = this.#annotationId(ids, row, say);
    spill.add(place, { id, category_id: category.id, ...annotation });
  }

  #annotationId(ids: FileIds, row: JsonRow, say: Say): number {
    const key = idOf(row.id, 'id', say);
    const { id, problem } = this.#annotationIds.take(key, ids);
    sayOfId(row.id, id, ids.taken.has(key) ? 'repeated' : problem, say);
    if (problem === 'taken') ids.taken.add(key);
    return id;
  }
}

/** An id that another file has is no irregularity: each file has its own. */
function sayOfId(given: unknown, id: number, problem: IdProblem, say: Say): void {
  if (problem === 'repeated') say('DUPLICATE_ID', `id ${shownValue(given)} became ${id}.`);
  else if (problem === 'invalid') say('ID_NOT_POSITIVE', `id ${shownValue(given)} became ${id}.`);
}
