import { Command } from '@commander-js/extra-typings';
import { MAX_TRAINING_STEPS } from '@deepstyle/contracts/request-rules';
import { photoSource } from '../arguments/photo-source.ts';
import { detectorId, season, text, wholeNumber } from '../arguments/values.ts';
import type { Call } from '../call.ts';
import { type Farewell, runFarewell } from '../output/farewell.ts';
import { printRun } from '../output/print-run.ts';
import { say } from '../output/say.ts';

/** `deepstyle run`: photographs to a trend batch. Exit code 1 where no photograph could be stored. */
export function runCommand(call: Call) {
  return new Command('run')
    .summary('photographs to a trend batch')
    .description('Takes the photographs of a season to its trend batch.')
    .requiredOption(
      '--photos <source>',
      'a folder (its subfolders name the categories), a page URL, or a manifest (.jsonl)',
      photoSource('--photos', call.folder),
    )
    .requiredOption('--season <season>', 'for example FW2019', season)
    .option(
      '--detector <id>',
      'none: each photograph shows one garment; pose: by the joints of people, without training (default: the active model)',
      detectorId,
    )
    .option('--brand <name>', 'limit the run to one brand', text('--brand'))
    .option(
      '--steps <n>',
      'training steps of the GAN (default: by the number of garments)',
      wholeNumber('--steps', 1, MAX_TRAINING_STEPS),
    )
    .option('--skip-gan', 'train no GAN')
    .action(async ({ photos, steps, skipGan, ...options }) => {
      if (!call.hasData) {
        const { checkDetector } = await import('../instance/check-detector.ts');
        await checkDetector(options.detector, call.environment);
      }
      const { watchPeakMemory } = await import('../output/peak-memory.ts');
      const { withInstance } = await import('../instance/with-instance.ts');
      const { ProgressView } = await import('../output/progress-view.ts');
      const { startAndFollow } = await import('../follow/follow-run.ts');
      const startedMs = Date.now();
      const memory = watchPeakMemory();
      let begun: string | null = null;
      const farewell: Farewell = (held) => runFarewell(held, begun, call.shared.data);
      const { brand, detector } = options;
      const gan = { steps: steps ?? null, skip: skipGan === true };
      // An interrupted run is known by this, as it is written.
      const input = { season: options.season, sources: [photos], brand, detector, gan };
      const watching = {
        view: new ProgressView(process.stderr, call.shared.data),
        onBegun: (id: string) => {
          begun = id;
        },
      };
      const run = await withInstance(call, farewell, (graph, { url }) => {
        if (!call.isJson) say(`The page: ${url}\n`);
        return startAndFollow(graph, input, call.dataFolder, watching);
      });
      printRun(call, run, startedMs, { peakMb: memory.stop() });
    });
}
