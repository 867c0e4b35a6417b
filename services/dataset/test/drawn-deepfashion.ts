import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** A folder of a test, removed by `remove`. */
export interface TestFolder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function createTestFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'dataset-files-'));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Text lists of a DeepFashion folder, by their paths; a test changes what it is about. */
export type Lists = Readonly<Record<string, string>>;

/** The three rows that the format's documentation shows, and one more, each list as DeepFashion writes it. */
export const IMAGES = [
  'img/Sheer_Pleated-Front_Blouse/img_00000001.jpg',
  'img/Sheer_Pleated-Front_Blouse/img_00000002.jpg',
  'img/Pencil_Skirt/img_00000001.jpg',
  'img/Belted_Dress/img_00000001.jpg',
] as const;

const [A, B, C, D] = IMAGES;

export const LISTS = {
  'Anno/list_category_cloth.txt': `5
category_name  category_type
Blouse         1
Skirt          2
Dress          3
Cape           3
Button-Down    1
`,
  'Anno/list_category_img.txt': `4
image_name  category_label
${A}                1
${B}                1
${C}                             2
${D}                             3
`,
  'Anno/list_bbox.txt': `4
image_name  x_1  y_1  x_2  y_2
${A} 072 079 232 273
${B} 010 008 100 209
${C} 000 000 200 300
${D} 020 030 080 290
`,
  'Anno/list_landmarks.txt': `4
image_name clothes_type variation_type landmark_visibility_1 landmark_location_x_1
${A}      1  0 146 102  0 173 095  0 094 242  0 205 255  0 136 229  0 177 232 
${B}      1  0 046 102  1 073 095  2 000 000  0 095 200  0 036 199  0 077 199 
${C}      2  0 020 010  0 180 010  0 030 290  0 170 290 
${D}      3  0 030 040  0 070 040  0 022 100  0 078 100  0 030 150  0 070 150  0 025 280  0 075 280 
`,
  'Anno/list_attr_cloth.txt': `3
attribute_name  attribute_type
a-line                     3
abstract print             1
button front v-neck        4
`,
  'Anno/list_attr_img.txt': `4
image_name  attribute_labels
${A} -1  1  0
${B} -1 -1 -1
${C}  1  1 -1
${D} -1 -1  1
`,
  'Eval/list_eval_partition.txt': `4
image_name  evaluation_status
${A}    train
${B}    val
${C}    test
${D}    train
`,
  'Anno/list_image_size.txt': `4
image_name  width  height
${A} 300 300
${B} 205 300
${C} 200 300
${D} 100 300
`,
} as const satisfies Lists;

export type ListName = keyof typeof LISTS;

/** Writes the lists, but for those that `changes` replaces or, by null, leaves out. */
export function writeLists(
  folder: TestFolder,
  changes: Readonly<Record<string, string | null>> = {},
): void {
  for (const [name, content] of Object.entries<string | null>({ ...LISTS, ...changes })) {
    if (content !== null) folder.write(name, content);
  }
}

export async function drawnImage(width: number, height: number, red = 40): Promise<Buffer> {
  const background = { r: red, g: 90, b: 120 };
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** Their sizes as the list of sizes says them, each of another colour. */
export async function writeImages(folder: TestFolder): Promise<void> {
  const sizes = [
    [300, 300],
    [205, 300],
    [200, 300],
    [100, 300],
  ] as const;
  for (const [i, name] of IMAGES.entries()) {
    const [width, height] = sizes[i] as readonly [number, number];
    folder.write(`Img/${name}`, await drawnImage(width, height, i * 50));
  }
}
