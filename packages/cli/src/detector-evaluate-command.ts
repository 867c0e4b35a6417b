import { resolve } from 'node:path';
import type { Environment } from '@deepstyle/platform';
import { callerFolder } from './caller-folder.ts';
import { type Options, UsageError } from './command-line.ts';
import { readDetections, readGroundTruth } from './detector-files.ts';
import { type DetectorReport, reportOf, reportTable } from './detector-report.ts';

/** `deepstyle detector evaluate`: detections against ground truth, both COCO files; needs no running instance. */
export async function detectorEvaluateCommand(
  options: Options,
  environment: Environment,
): Promise<number> {
  if (options.annotations === undefined)
    throw new UsageError('detector evaluate needs --annotations FILE.');
  if (options.results === undefined)
    throw new UsageError('detector evaluate needs --results FILE.');
  const folder = callerFolder(environment);
  const report = await evaluateFiles(
    resolve(folder, options.annotations),
    resolve(folder, options.results),
  );
  for (const warning of report.warnings) process.stderr.write(`Warning: ${warning}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportTable(report));
  return 0;
}

/** @throws the errors of `detector-files.ts` */
export async function evaluateFiles(annotations: string, results: string): Promise<DetectorReport> {
  const dataset = await readGroundTruth(annotations);
  return reportOf(dataset, await readDetections(results, dataset));
}
