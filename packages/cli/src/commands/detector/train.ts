import { Command } from '@commander-js/extra-typings';
import { MAX_TRAINING_STEPS } from '@deepstyle/contracts/request-rules';
import { datasetId, oneOf, wholeNumber } from '../../arguments/values.ts';
import type { Call } from '../../call.ts';
import type { DetectorModelView, EvaluationView } from '../../detector-queries.ts';
import { workFarewell } from '../../output/farewell.ts';
import { duration } from '../../output/stage-line.ts';

/** The graph's integers have 31 bits and a sign. */
const MAX_SEED = 2 ** 31 - 1;

/**
 * `deepstyle detector train`: a detector from an imported dataset, by the instance of the data folder or one of its own.
 * New runs use it.
 */
export function detectorTrainCommand(call: Call) {
  return new Command('train')
    .summary('train a detector on an imported dataset')
    .description('Trains a detector on an imported dataset; new runs use it.')
    .argument('<dataset>', 'the id of the dataset, as the import prints it', datasetId)
    .option(
      '--labels <what>',
      'categories (default), or types to tell upper, lower and full garments apart',
      oneOf('--labels', 'categories', 'types'),
    )
    .option(
      '--steps <n>',
      'training steps (default: by the number of images)',
      wholeNumber('--steps', 1, MAX_TRAINING_STEPS),
    )
    .option(
      '--seed <n>',
      'another seed gives another model (default: 1)',
      wholeNumber('--seed', 0, MAX_SEED),
    )
    .action(async (dataset, { labels, steps, seed = 1 }) => {
      call.needDataFolder();
      const { withInstance } = await import('../../instance/with-instance.ts');
      const { trainDetector } = await import('../../follow/train-detector.ts');
      const request = {
        dataset,
        labels: labels === 'types' ? ('TYPES' as const) : ('CATEGORIES' as const),
        seed,
        ...(steps === undefined ? {} : { steps }),
      };
      const model = await withInstance(call, workFarewell, (graph) =>
        trainDetector(graph, request, call.dataFolder),
      );
      call.print(model, summary(model));
    });
}

function summary({ id, steps, trainSeconds, parameters, evaluation }: DetectorModelView): string {
  const millions = parameters === null ? '' : `, ${(parameters / 1e6).toFixed(1)} M parameters`;
  const time = trainSeconds === null ? '' : ` in ${duration(trainSeconds)}`;
  return [
    `detector     ${id}`,
    `trained      ${steps ?? '?'} steps${time}${millions}`,
    ...(evaluation === null ? ['evaluated    not: the dataset has no photographs to spare'] : []),
    ...(evaluation === null ? [] : evaluationLines(evaluation)),
    '',
  ].join('\n');
}

const percent = (value: number | null): string =>
  value === null ? '-' : `${(value * 100).toFixed(1)} %`;

function evaluationLines({ split, images, ap, ap50, categories }: EvaluationView): string[] {
  return [
    `evaluated    ${images} photographs (${split}): AP ${percent(ap)}, AP50 ${percent(ap50)}`,
    ...categories.map(({ name, ...one }) => `             ${name}: AP50 ${percent(one.ap50)}`),
  ];
}
