import { Command } from '@commander-js/extra-typings';
import { anyPath } from '../../arguments/paths.ts';
import type { Call } from '../../call.ts';
import { say } from '../../output/say.ts';

/** `deepstyle detector evaluate`: detections against ground truth, both COCO files; needs no running instance. */
export function detectorEvaluateCommand(call: Call) {
  return new Command('evaluate')
    .summary('average precision of detections')
    .description(
      'Computes the average precision of detections against a ground truth, as pycocotools does.',
    )
    .requiredOption(
      '--annotations <file>',
      'the ground truth, a COCO file',
      anyPath('--annotations', call.folder),
    )
    .requiredOption(
      '--results <file>',
      'the detections, a COCO results list',
      anyPath('--results', call.folder),
    )
    .action(async ({ annotations, results }) => {
      const { readDetections, readGroundTruth } = await import('../../evaluation/coco-files.ts');
      const { reportOf, reportTable } = await import('../../evaluation/report.ts');
      const truth = await readGroundTruth(annotations);
      const report = reportOf(truth, await readDetections(results, truth));
      for (const warning of report.warnings) say(`Warning: ${warning}\n`);
      call.print(report, reportTable(report));
    });
}
