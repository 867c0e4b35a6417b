import type { Shape } from './disturbed-system.ts';
import { prepareInputs } from './inputs.ts';
import { runOutages, type StageOutage } from './outages-by-stage.ts';
import { buildWithBug } from './planted-build.ts';
import type { FaultKind } from './schedule.ts';
import { shorterPauses } from './shorter-pauses.ts';
import { type CampaignReport, describeFindings, MAX_STILL_MS, START } from './whole-campaign.ts';

export interface WholeOutagesOptions {
  readonly seed: number;
  readonly shape: Shape;
  /** How long each outage is. */
  readonly seconds: number;
  /** So many times shorter are they, and the pauses of the product. */
  readonly shorter: number;
  readonly say: (line: string) => void;
}

export interface OutagesReport extends CampaignReport {
  readonly outages: readonly StageOutage[];
}

/** What is taken away in turn, and how. */
const OUTAGES: Readonly<Record<Shape, { targets: readonly string[]; kind: FaultKind }>> = {
  cluster: { targets: ['postgres', 'nats', 's3'], kind: 'kill' },
  embedded: { targets: ['deepstyle'], kind: 'disk-full' },
};
/** So many that each stage of a run lasts for seconds. */
const PHOTOS = 80;
const STEPS = 60;
const SETTINGS = { GALLERY_DESIGNS: '16', GALLERY_CANDIDATES: '64' };

/** Outages in each stage of a run, from nothing to the report; those that missed their stage are no faults. */
export async function runWholeOutages(options: WholeOutagesOptions): Promise<OutagesReport> {
  const { seed, shape, seconds, shorter, say } = options;
  const { targets, kind } = OUTAGES[shape];
  const durationMs = (seconds * 1_000) / shorter;
  // One for each target, and one for those that missed a stage.
  const count = targets.length + 1;
  say(`seed ${seed}, ${shape}: drawing ${count} inputs and running them undisturbed`);
  const inputs = await prepareInputs({ seed, count, photos: PHOTOS, detected: true });
  const build =
    shorter === 1 ? null : await buildWithBug({ name: 'pauses', edits: shorterPauses(shorter) });
  try {
    const system = await START[shape]({ build: build?.path, settings: SETTINGS });
    try {
      await inputs.trainDetector(system);
      const outcome = await runOutages(system, inputs.all, {
        ...{ targets, kind, durationMs, steps: STEPS, maxStillMs: MAX_STILL_MS, say },
      });
      if (outcome.violations.length > 0) say(system.output());
      const fallen = outcome.outages.filter(({ fell }) => fell);
      const { unavailable } = system;
      say(
        [
          `${fallen.length} outages of ${durationMs / 1_000} s, pauses ${shorter} times shorter: ${outcome.violations.length} violations`,
          ...outcome.outages.map(describeOutage),
          ...describeFindings(outcome, unavailable),
        ].join('\n'),
      );
      return { ...outcome, faults: fallen.length, seed };
    } finally {
      await system.close();
    }
  } finally {
    await build?.remove();
    await inputs.remove();
  }
}

function describeOutage({ stage, target, fell, recoveryMs }: StageOutage): string {
  const what = fell ? `recovery ${((recoveryMs ?? 0) / 1000).toFixed(1)} s` : 'MISSED';
  return `  ${stage.padEnd(10)} ${target.padEnd(10)} ${what}`;
}
