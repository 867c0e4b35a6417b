import { basename } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { enumValue } from '@deepstyle/service/enum-value';
import { existing } from '../../arguments/paths.ts';
import { text } from '../../arguments/values.ts';
import type { Call } from '../../call.ts';
import type { DatasetView, ImportView } from '../../dataset-queries.ts';
import {
  irregularityLines,
  irregularityTotal,
  type ShownIrregularity,
} from '../../output/dataset-report.ts';
import { workFarewell } from '../../output/farewell.ts';
import { openOptionsOf, readingOptions } from './reading-options.ts';

const FORMATS = {
  deepfashion: { named: 'a DeepFashion folder', kind: 'folder' },
  coco: { named: 'a COCO file or a folder of COCO files', kind: 'file or folder' },
} as const;

/**
 * `deepstyle dataset import-deepfashion` and `import-coco`: by the instance of the data folder, or one of its own. Exit code 1
 * where the import ends without a dataset.
 */
export function datasetImportCommand(call: Call, format: keyof typeof FORMATS) {
  const { boxes, set, attributes, sizes, images, pixels } = readingOptions(call);
  const { named, kind } = FORMATS[format];
  return new Command(`import-${format}`)
    .summary(`import ${named}`)
    .description(`Imports ${named} as an immutable dataset, whose id is the hash of its content.`)
    .argument('<path>', named, existing(kind, 'PATH', call.folder))
    .option(
      '--name <name>',
      'name for people (default: that of the folder or file)',
      text('--name'),
    )
    .option('--strict', 'end at the first irregularity')
    .addOption(annotationsOnly())
    .addOption(boxes)
    .addOption(set)
    .addOption(attributes)
    .addOption(sizes)
    .addOption(images)
    .addOption(pixels)
    .action(async (path, options) => {
      const { withInstance } = await import('../../instance/with-instance.ts');
      const { importAndFollow } = await import('../../follow/import-dataset.ts');
      const how = openOptionsOf(options);
      // An interrupted import is known by this, as it is written.
      const input = {
        name: options.name ?? basename(path),
        folder: path,
        format: enumValue(format),
        strict: options.strict === true,
        attributes: how.attributes,
        storeImages: options.annotationsOnly !== true,
        boxConvention: enumValue(how.boxConvention),
        annotationSet: how.annotationSet === null ? null : enumValue(how.annotationSet),
        sizes: how.sizes,
        images: how.images,
        ...(how.pixels !== null && { pixels: enumValue(how.pixels) }),
      };
      const ended = await withInstance(call, workFarewell, (graph) =>
        importAndFollow(graph, input, call.dataFolder),
      );
      call.print(resultOf(ended), summary(ended));
      if (ended.dataset === null) call.exitCode = 1;
    });
}

/** The library takes `--no-images` for the opposite of `--images`; it is an option of its own. */
function annotationsOnly(): Option<'--annotations-only'> {
  const option: Option<string> = new Option('--no-images', 'annotations only, no images');
  option.negate = false;
  option.attributeName = () => 'annotationsOnly';
  return option;
}

function resultOf(ended: ImportView) {
  const { progress, dataset: found } = ended;
  const irregularities = irregularitiesOf(ended);
  const failure = found === null ? { failure: progress.detail } : null;
  const dataset = found && { ...found, boxConvention: found.boxConvention.toLowerCase() };
  return { dataset, ...failure, irregular: irregularityTotal(irregularities), irregularities };
}

/** As `dataset check` writes them. */
function irregularitiesOf({ irregularities }: ImportView): ShownIrregularity[] {
  return irregularities.map((each) => ({
    ...each,
    effect: each.effect.toLowerCase() as Lowercase<typeof each.effect>,
  }));
}

function summary(ended: ImportView): string {
  const { progress, dataset } = ended;
  return [
    ...irregularityLines(irregularitiesOf(ended)),
    ...(dataset === null ? [`No dataset: ${progress.detail}`] : datasetLines(dataset)),
    '',
  ].join('\n');
}

function datasetLines({ id, images, annotations, storedImages, splits, categories }: DatasetView) {
  const { train, val, test, none } = splits;
  return [
    `dataset      ${id}`,
    `images       ${images}, ${storedImages} of them stored`,
    `splits       train ${train}, val ${val}, test ${test}, none ${none}`,
    `boxes        ${annotations} of ${categories.length} categories`,
  ];
}
