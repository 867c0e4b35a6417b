import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '@deepstyle/platform';
import { type DrawnSeasons, drawSeasons, manifestLine, writeFolder } from '@deepstyle/testkit';
import { callerFolder } from './caller-folder.ts';
import type { Options } from './command-line.ts';
import { type DemoResult, demoResult } from './demo-result.ts';
import { startAndFollow } from './follow-run.ts';
import { createGraphClient } from './graph-client.ts';
import { type Instance, startInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';
import { watchPeakMemory } from './peak-memory.ts';
import { duration } from './progress.ts';
import type { RunView } from './run-queries.ts';

const SEASONS = ['SS2026', 'FW2026'] as const;
const DEFAULT_SEED = 7;
const SIZES = {
  // Enough garments for the drawn changes to be certain; steps that give recognisable shapes.
  full: { perSeason: 320, steps: 320 },
  quick: { perSeason: 160, steps: 40 },
} as const;

/** `deepstyle demo`: the whole pipeline on drawn garments of two seasons, held against what was drawn. */
export async function demoCommand(options: Options, environment: Environment): Promise<number> {
  const startedMs = Date.now();
  const memory = watchPeakMemory();
  const folder = demoFolder(options, environment);
  const port =
    environment.HTTP_PORT === undefined && options.port === undefined && options.exit
      ? 0
      : options.port;
  const interrupt = onInterrupt('Stopping.');
  let instance: Instance | null = null;
  const close = async (): Promise<void> => {
    await instance?.close();
    folder.remove();
  };
  interrupt.closes(close);
  try {
    instance = await startInstance(environment, { dataFolder: folder.path, port });
    process.stderr.write(`The page: ${instance.url}\n`);
    const { set, runs } = await runSeasons(options, instance, folder.path);
    const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
    const result: DemoResult = { ...demoResult(set, runs), seconds, peakMb: memory.stop() };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : summary(result));
    if (options.exit) return result.designs > 0 && result.trendBatches > 0 ? 0 : 1;
    process.stderr.write(`Look at it: ${instance.url}   (Ctrl-C ends it)\n`);
    await new Promise<never>(() => {});
    return 0;
  } finally {
    interrupt.release();
    await close();
  }
}

async function runSeasons(
  options: Options,
  instance: { readonly url: string; readonly token: string },
  folder: string,
): Promise<{ set: DrawnSeasons; runs: readonly RunView[] }> {
  const { perSeason, steps } = options.quick ? SIZES.quick : SIZES.full;
  process.stderr.write(`Drawing ${perSeason * SEASONS.length} garments\n`);
  const set = await drawSeasons({
    seed: options.seed ?? DEFAULT_SEED,
    seasons: SEASONS,
    perSeason,
  });
  const photos = join(folder, 'drawn');
  await writeFolder(photos, set);
  const graph = createGraphClient(instance);
  const runs: RunView[] = [];
  for (const season of SEASONS) {
    process.stderr.write(`\n${season}\n`);
    const manifest = join(photos, `${season}.jsonl`);
    const lines = set.photos
      .filter((photo) => photo.season === season)
      .map((photo) => JSON.stringify(manifestLine(photo)));
    writeFileSync(manifest, `${lines.join('\n')}\n`);
    const input = {
      season,
      sources: [{ manifest }],
      detector: 'none',
      gan: { steps: options.steps ?? steps, skip: options.skipGan },
    };
    runs.push(await startAndFollow(graph, input, folder));
  }
  return { set, runs };
}

/** A folder of its own that goes with the demo, unless `--data` names one to keep. */
function demoFolder(
  options: Options,
  environment: Environment,
): { readonly path: string; remove(): void } {
  if (options.data !== undefined) {
    return { path: resolve(callerFolder(environment), options.data), remove: () => {} };
  }
  const path = mkdtempSync(join(tmpdir(), 'deepstyle-demo-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function summary(result: DemoResult): string {
  const { photos, garments, gan, trend } = result;
  return [
    '',
    `photographs   ${photos.drawn} drawn, ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `garments      ${garments.found} of ${garments.drawn}`,
    `gan           ${gan.steps} steps, KID ${gan.firstKid?.toFixed(4) ?? '-'} to ${gan.bestKid?.toFixed(4) ?? '-'} (${gan.featureSpace ?? '-'})`,
    `designs       ${result.designs} in ${result.collections} collections`,
    `trend batches ${result.trendBatches}, largest error of a share ${(trend.maxShareError * 100).toFixed(2)} points`,
    `  drawn       ${trend.drawn.join(', ')}`,
    `  called      ${trend.called.join(', ') || 'nothing'}`,
    `${duration(result.seconds)}, peak ${result.peakMb} MB`,
    '',
  ].join('\n');
}
