import {
  DETECTOR_SETTINGS,
  type DetectRequest,
  detectFiles,
  listPhotos,
} from '@deepstyle/detector/files';
import { readSettings } from '@deepstyle/platform';
import { PROCESS_SETTINGS } from '@deepstyle/service';
import { limitDecodeMemory } from '@deepstyle/vision';
import type { Call } from '../call.ts';
import { onInterrupt } from '../instance/interrupt.ts';
import { ProgressView } from '../output/progress-view.ts';
import { detectorWeights, type NamedDetector } from './detector-weights.ts';
import { type DetectReport, reportText } from './report.ts';

/** What was typed. */
export interface DetectOptions extends Pick<DetectRequest, 'output' | 'minScore' | 'withCrops'> {
  /** Absolute, of files and folders. */
  readonly paths: readonly string[];
  readonly model: NamedDetector;
}

/** Detects, and says what came of it; a Ctrl-C ends it after the photograph in hand. */
export async function detect(call: Call, options: DetectOptions): Promise<void> {
  const { decodeMemoryMb, ...settings } = readSettings(
    { ...DETECTOR_SETTINGS, decodeMemoryMb: PROCESS_SETTINGS.decodeMemoryMb },
    call.environment,
  );
  limitDecodeMemory(decodeMemoryMb * 1e6);
  // Before an instance is started for the weights.
  const photos = await listPhotos(options.paths);
  const weights = await detectorWeights(call, options.model);
  const stopping = new AbortController();
  const interrupt = onInterrupt('Stopping after this photograph.');
  const work = detectAndPrint(call, stopping.signal, {
    ...{ ...options, photos, settings, model: weights.model, weights: weights.bytes },
  });
  interrupt.closes(async () => {
    stopping.abort();
    await work.catch(() => {});
  });
  try {
    await work;
  } finally {
    interrupt.release();
  }
}

async function detectAndPrint(
  call: Call,
  signal: AbortSignal,
  request: Omit<DetectRequest, 'signal' | 'onProgress'>,
): Promise<void> {
  const view = new ProgressView(process.stderr);
  let startedMs = performance.now();
  const detected = await detectFiles({
    ...request,
    signal,
    onProgress: ({ done, failed, photos }) => {
      // Loading the model is no part of the rate.
      if (done + failed === 0) startedMs = performance.now();
      const stage = { state: 'RUNNING', done, failed, expected: photos, detail: null } as const;
      view.showStages([{ label: 'detect', stage: { ...stage, stalled: false } }], Date.now());
    },
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const { photos, failed } = detected;
  const stopped = detected.detected + failed.length < photos;
  const ok = failed.length === 0 && !stopped;
  const { output, model } = request;
  const report: DetectReport = { ok, stopped, output, model, seconds, ...detected };
  call.print(report, reportText(report, request.withCrops));
  if (!ok) call.exitCode = 1;
}
