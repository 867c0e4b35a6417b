import { Option } from '@commander-js/extra-typings';
import type { OpenOptions } from '@deepstyle/dataset/files';
import { existing } from '../../arguments/paths.ts';
import { oneOf } from '../../arguments/values.ts';
import type { Call } from '../../call.ts';

const OF_DEEPFASHION = 'of a DeepFashion folder:';

/** How a folder or file is read: options of all commands that read one. */
export function readingOptions({ folder }: Pick<Call, 'folder'>) {
  return {
    boxes: new Option(
      '--boxes <convention>',
      `${OF_DEEPFASHION} inclusive where widths are right - left + 1`,
    )
      .argParser(oneOf('--boxes', 'exclusive', 'inclusive'))
      .default('exclusive' as const),
    set: new Option(
      '--set <set>',
      `${OF_DEEPFASHION} coarse, or fine for the relabelled annotations`,
    ).argParser(oneOf('--set', 'coarse', 'fine')),
    attributes: new Option('--no-attributes', `${OF_DEEPFASHION} without its attributes`),
    sizes: new Option(
      '--sizes <file>',
      `${OF_DEEPFASHION} a list of image name, width, height`,
    ).argParser(existing('file', '--sizes', folder)),
    images: new Option('--images <dir>', 'where the images lie').argParser(
      existing('folder', '--images', folder),
    ),
    pixels: new Option(
      '--pixels <frame>',
      'boxes count as images are shown or as they are stored, where EXIF turns them (default: as their sizes tell)',
    ).argParser(oneOf('--pixels', 'shown', 'stored')),
  };
}

/** What was typed of them. */
export interface ReadingOptions {
  readonly boxes: OpenOptions['boxConvention'];
  readonly set?: Exclude<OpenOptions['annotationSet'], null> | undefined;
  readonly attributes: boolean;
  readonly sizes?: string | undefined;
  readonly images?: string | undefined;
  readonly pixels?: Exclude<OpenOptions['pixels'], null> | undefined;
}

export function openOptionsOf(options: ReadingOptions) {
  const { boxes: boxConvention, set: annotationSet = null, attributes } = options;
  const { sizes = null, images = null, pixels = null } = options;
  return { boxConvention, annotationSet, attributes, sizes, images, pixels };
}
