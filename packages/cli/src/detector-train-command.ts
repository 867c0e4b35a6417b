import type { Environment } from '@deepstyle/platform';
import { enumValue } from '@deepstyle/service';
import { type Options, UsageError } from './command-line.ts';
import type { DetectorModelView, EvaluationView } from './detector-queries.ts';
import { createGraphClient } from './graph-client.ts';
import { dataFolderOf, openInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';
import { duration, ProgressView } from './progress.ts';
import { trainDetector } from './train-detector.ts';

/**
 * `deepstyle detector train`: a detector from an imported dataset, by the instance of the data folder or one of its own.
 * New runs use it.
 */
export async function detectorTrainCommand(
  options: Options,
  environment: Environment,
): Promise<number> {
  const { trainOn, labels = 'categories', seed = 1, steps } = options;
  if (trainOn === undefined) throw new UsageError('detector train needs DATASET, an id.');
  const dataFolder = dataFolderOf(options.data, environment);
  const interrupt = onInterrupt('Stopping; the same command goes on from here.');
  const instance = await openInstance(environment, dataFolder);
  interrupt.closes(() => instance.close());
  try {
    const wish = {
      dataset: trainOn,
      labels: enumValue(labels),
      seed,
      ...(steps === undefined ? {} : { steps }),
    };
    const view = new ProgressView(process.stderr);
    const model = await trainDetector(createGraphClient(instance), wish, dataFolder, view);
    process.stdout.write(options.json ? `${JSON.stringify(model)}\n` : summary(model));
    return 0;
  } finally {
    await instance.close();
    interrupt.release();
  }
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
