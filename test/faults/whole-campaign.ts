import { type CampaignOutcome, type DoneFault, runCampaign } from './campaign.ts';
import { startClusterSystem } from './cluster-system.ts';
import type { Shape } from './disturbed-system.ts';
import { startEmbeddedSystem } from './embedded-system.ts';
import { prepareInputs } from './inputs.ts';
import { personAmong } from './person.ts';
import { planFaults } from './schedule.ts';
import type { Violation } from './snapshot.ts';

export interface WholeCampaignOptions {
  readonly seed: number;
  /** How long faults come; until all is at rest takes longer. */
  readonly minutes: number;
  readonly shape: Shape;
  readonly say: (line: string) => void;
}

export interface CampaignReport {
  readonly faults: number;
  readonly runs: number;
  readonly violations: readonly Violation[];
  readonly seed: number;
}

const PHOTOS = 24;
const MIN_INPUTS = 3;
const MAX_INPUTS = 12;
/** Several at once, so that every stage is at work most of the time. */
const RUNS_AT_ONCE = 3;
const RUN_EVERY_MS = 5_000;
/** Longer than any pause of the product: a minute until the next try, half of one until a lost message comes again. */
export const MAX_STILL_MS = 150_000;
/** One process takes a while to be up again. */
const GAPS_MS = { cluster: [4_000, 14_000], embedded: [5_000, 20_000] } as const;
export const START = { cluster: startClusterSystem, embedded: startEmbeddedSystem } as const;

/** One campaign from nothing to its report. */
export async function runWholeCampaign(options: WholeCampaignOptions): Promise<CampaignReport> {
  const { seed, minutes, shape, say } = options;
  const lengthMs = minutes * 60_000;
  const count = Math.min(MAX_INPUTS, Math.max(MIN_INPUTS, Math.ceil(minutes)));
  say(
    `seed ${seed}, ${minutes} min, ${shape}: drawing ${count} inputs and running them undisturbed`,
  );
  const inputs = await prepareInputs({ seed, count, photos: PHOTOS });
  try {
    const system = await START[shape]();
    try {
      const targets = [...system.targets, personAmong(system.targets)];
      const faults = planFaults({ seed, targets, lengthMs, gapMs: GAPS_MS[shape] });
      const startRuns = { untilMs: lengthMs, everyMs: RUN_EVERY_MS, atOnce: RUNS_AT_ONCE };
      const outcome = await runCampaign(system, inputs.all, {
        faults,
        startRuns,
        maxStillMs: MAX_STILL_MS,
        say,
      });
      if (outcome.violations.length > 0) say(system.output());
      say(describe(outcome, system.unavailable));
      return { ...outcome, faults: outcome.faults.length, seed };
    } finally {
      await system.close();
    }
  } finally {
    await inputs.remove();
  }
}

/** For people. */
export function describeFindings(
  { violations }: Pick<CampaignReport, 'violations'>,
  unavailable: readonly string[],
): readonly string[] {
  return [
    ...unavailable.map((what) => `  not available: ${what}`),
    ...violations.map(
      ({ invariant, run, seen }) =>
        `  VIOLATION ${invariant}${run === null ? '' : `, run ${run}`}: ${seen}`,
    ),
  ];
}

function describe(outcome: CampaignOutcome, unavailable: readonly string[]): string {
  const { faults, runs, violations } = outcome;
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort();
  const lines = kinds.map((kind) => {
    const these = faults.filter((fault) => fault.kind === kind);
    const slowest = slowestOf(these);
    const seconds = (slowest.recoveryMs / 1000).toFixed(1);
    return `  ${kind.padEnd(12)} ${String(these.length).padStart(4)}   slowest recovery ${seconds} s (${slowest.target})`;
  });
  return [
    `${faults.length} faults, ${runs} runs, ${violations.length} violations`,
    ...lines,
    ...describeFindings(outcome, unavailable),
  ].join('\n');
}

function slowestOf(faults: readonly DoneFault[]): DoneFault {
  return faults.reduce((one, other) => (other.recoveryMs > one.recoveryMs ? other : one));
}
