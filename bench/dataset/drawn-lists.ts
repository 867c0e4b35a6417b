import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRandom, type Random } from '@deepstyle/vision';

export interface DrawnLists {
  readonly rows: number;
  readonly landmarks: boolean;
  /** Number of attributes; 0: no list of them. */
  readonly attributes: number;
}

/** The size of DeepFashion's Category and Attribute benchmark. */
export const DEEPFASHION_ROWS = 289_222;
export const DEEPFASHION_ATTRIBUTES = 1000;

/** Names and types in the order of the benchmark's list: 20 upper, 16 lower, 14 full. */
const CATEGORIES = [
  'Anorak Blazer Blouse Bomber Button-Down Cardigan Flannel Halter Henley Hoodie Jacket Jersey Parka Peacoat Poncho Sweater Tank Tee Top Turtleneck',
  'Capris Chinos Culottes Cutoffs Gauchos Jeans Jeggings Jodhpurs Joggers Leggings Sarong Shorts Skirt Sweatpants Sweatshorts Trunks',
  'Caftan Cape Coat Coverup Dress Jumpsuit Kaftan Kimono Nightdress Onesie Robe Romper Shirtdress Sundress',
].flatMap((names, i) => names.split(' ').map((name) => ({ name, type: i + 1 })));
/** Listed without an image of theirs. */
const UNUSED: ReadonlySet<string> = new Set(['Cape', 'Nightdress', 'Shirtdress', 'Sundress']);
const USED = CATEGORIES.flatMap(({ name }, i) => (UNUSED.has(name) ? [] : [i + 1]));
const POINTS_OF_TYPE = [0, 6, 4, 8];
const IMAGES_OF_FOLDER = 51;
/** One box in so many leaves its image by some pixels, which a converter has to cut. */
const OUTSIDE_EVERY = 50;
const POSITIVE_PART = 0.0033;
const LINES_AT_ONCE = 4096;

interface Garment {
  readonly name: string;
  readonly category: number;
  readonly size: readonly [number, number];
  readonly corners: readonly number[];
  readonly split: string;
}

/** Writes a folder of lists as DeepFashion writes them: columns padded with spaces, numbers with zeros. */
export async function drawLists(folder: string, drawn: DrawnLists, seed: number): Promise<void> {
  const random = createRandom(seed);
  const garments = Array.from({ length: drawn.rows }, (_, i) => drawGarment(i, random));
  const types = CATEGORIES.map(({ name, type }) => `${name.padEnd(15)}${type}`);
  const write = (name: string, columns: string, rows: Iterable<string>, count: number) =>
    writeList(join(folder, name), [String(count), columns], rows);
  const each = (row: (garment: Garment) => string) => rowsOf(garments, row);
  const { rows } = drawn;
  const list = (name: string, columns: string, row: (garment: Garment) => string) =>
    write(name, columns, each(row), rows);
  await write('Anno/list_category_cloth.txt', 'category_name  category_type', types, types.length);
  await list('Anno/list_category_img.txt', 'image_name  category_label', (garment) => {
    return `${garment.name.padEnd(71)}${garment.category}`;
  });
  await list('Anno/list_bbox.txt', 'image_name  x_1  y_1  x_2  y_2', ({ name, corners }) => {
    return `${name.padEnd(71)}${corners.map(zeroPadded).join(' ')}`;
  });
  await list('Eval/list_eval_partition.txt', 'image_name  evaluation_status', (garment) => {
    return `${garment.name.padEnd(71)}${garment.split}`;
  });
  await list('Anno/list_image_size.txt', 'image_name  width  height', ({ name, size }) => {
    return `${name.padEnd(71)}${size.join(' ')}`;
  });
  if (drawn.landmarks) {
    const columns = 'image_name  clothes_type  landmark_visibility_1  landmark_location_x_1';
    await list('Anno/list_landmarks.txt', columns, (garment) => landmarkRow(garment, random));
  }
  if (drawn.attributes === 0) return;
  const names = Array.from({ length: drawn.attributes }, (_, i) => {
    return `${`attribute no ${i + 1}`.padEnd(40)}${(i % 5) + 1}`;
  });
  await write('Anno/list_attr_cloth.txt', 'attribute_name  attribute_type', names, names.length);
  await list('Anno/list_attr_img.txt', 'image_name  attribute_labels', ({ name }) => {
    return `${name.padEnd(71)}${attributeValues(drawn.attributes, random)}`;
  });
}

function drawGarment(i: number, random: Random): Garment {
  const whole = (below: number) => Math.floor(random() * below);
  const folder = `Drawn_Garment_Of_Kind_${Math.floor(i / IMAGES_OF_FOLDER)}`;
  const short = 150 + whole(150);
  const size = random() < 0.85 ? ([short, 300] as const) : ([300, short] as const);
  const [width, height] = size;
  const left = whole(width / 3);
  const top = whole(height / 3);
  const right = left + 20 + whole(width - left - 20);
  const bottom = top + 20 + whole(height - top - 20);
  const excess = i % OUTSIDE_EVERY === 0 ? 1 + whole(5) : 0;
  const part = random();
  return {
    name: `img/${folder}/img_${String((i % IMAGES_OF_FOLDER) + 1).padStart(8, '0')}.jpg`,
    category: USED[whole(USED.length)] as number,
    size,
    corners: [left, top, excess > 0 ? width + excess : right, bottom],
    split: part < 0.7234 ? 'train' : part < 0.8617 ? 'val' : 'test',
  };
}

function landmarkRow({ name, category, size }: Garment, random: Random): string {
  const { type } = CATEGORIES[category - 1] as { type: number };
  const points = Array.from({ length: POINTS_OF_TYPE[type] as number }, () => {
    const [x, y] = size.map((side) => Math.floor(random() * side));
    const visibility = random() < 0.8 ? 0 : random() < 0.6 ? 1 : 2;
    return visibility === 2 ? '2 000 000' : `${visibility} ${zeroPadded(x)} ${zeroPadded(y)}`;
  });
  return `${name.padEnd(71)}${type}  ${points.join('  ')} `;
}

function attributeValues(count: number, random: Random): string {
  const values: string[] = Array(count).fill('-1');
  for (let i = 0; i < count * POSITIVE_PART; i++) values[Math.floor(random() * count)] = ' 1';
  return values.join(' ');
}

function zeroPadded(value: number | undefined): string {
  return String(value ?? 0).padStart(3, '0');
}

function* rowsOf(garments: readonly Garment[], row: (garment: Garment) => string) {
  for (const garment of garments) yield row(garment);
}

async function writeList(path: string, head: readonly string[], rows: Iterable<string>) {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  let lines = [...head];
  const flush = async () => {
    const isFull = !file.write(`${lines.join('\n')}\n`);
    lines = [];
    if (isFull) await once(file, 'drain');
  };
  for (const row of rows) {
    lines.push(row);
    if (lines.length >= LINES_AT_ONCE) await flush();
  }
  await flush();
  file.end();
  await once(file, 'finish');
}
