import { Command } from '@commander-js/extra-typings';
import { MAX_TRAINING_STEPS } from '@deepstyle/contracts/request-rules';
import { writable } from '../arguments/paths.ts';
import { wholeNumber } from '../arguments/values.ts';
import type { Call } from '../call.ts';

/** `deepstyle demo`: the whole pipeline on drawn runway scenes of three seasons, held against what was drawn. */
export function demoCommand(call: Call) {
  return new Command('demo')
    .summary('the whole pipeline on drawn runway scenes, then the page')
    .description('Runs the whole pipeline on drawn runway scenes of three seasons, then the page.')
    .option('--exit', 'end when it is done')
    .option('--quick', 'fewer scenes and steps')
    .option('--seed <n>', 'another seed draws other scenes', wholeNumber('--seed'))
    .option(
      '--steps <n>',
      'training steps of the GAN',
      wholeNumber('--steps', 1, MAX_TRAINING_STEPS),
    )
    .option('--skip-gan', 'train no GAN')
    .option(
      '--keep <dir>',
      'leave truth.json and detections.json of the evaluated scenes there',
      writable('folder', '--keep', call.folder),
    )
    .option(
      '--port <n>',
      'port of the page (default: HTTP_PORT or 4000; with --exit a free one)',
      wholeNumber('--port', 0, 65_535),
    )
    .action(async (options) => {
      const { demo } = await import('../demo/demo.ts');
      await demo(call, options);
    });
}
