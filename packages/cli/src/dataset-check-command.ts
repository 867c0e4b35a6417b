import { checkDataset, describeIrregularity } from '@deepstyle/dataset/files';
import type { Environment } from '@deepstyle/platform';
import type { Options } from './command-line.ts';
import { openOptionsOf, resolvedDataset } from './dataset-folder.ts';
import { checkReport, irregularityTotal } from './dataset-report.ts';
import { ProgressView } from './progress.ts';

/**
 * `deepstyle dataset check`: reads a folder or file as an import does; needs no running instance. Exit code 1 where no image
 * would be kept, and in strict mode where anything is irregular.
 */
export async function datasetCheckCommand(
  options: Options,
  environment: Environment,
): Promise<number> {
  const dataset = resolvedDataset(options, environment);
  const view = new ProgressView(process.stderr);
  const result = await checkDataset(
    dataset.source,
    { ...openOptionsOf(dataset), isDeep: !options.quick },
    {
      ...(dataset.all && {
        onIrregularity: (found) => process.stderr.write(`${describeIrregularity(found)}\n`),
      }),
      // Lines of irregularities and a line that is redrawn would write over each other.
      ...(!dataset.all && {
        onProgress: (detail, done, expected) => {
          const stage = { state: 'RUNNING', done, failed: 0, expected, detail, stalled: false };
          view.showStages([{ label: 'check', stage: stage as never }], Date.now());
        },
      }),
    },
  );
  const irregular = irregularityTotal(result.irregularities);
  const ok = result.counts.images > 0 && !(dataset.strict && irregular > 0);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ path: dataset.source, ok, irregular, ...result })}\n`
      : checkReport(dataset.source, result),
  );
  return ok ? 0 : 1;
}
