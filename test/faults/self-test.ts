import { type CampaignOutcome, runCampaign } from './campaign.ts';
import { type Inputs, prepareInputs } from './inputs.ts';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts';
import { buildWithBug } from './planted-build.ts';
import { START } from './whole-campaign.ts';

export interface SelfTestReport {
  /** What was seen of each bug; empty where the campaign is blind to it. */
  readonly bugs: readonly {
    readonly bug: string;
    readonly violations: CampaignOutcome['violations'];
  }[];
  readonly unseen: readonly string[];
}

export interface SelfTestOptions {
  /** Bugs whose name or shape holds this; empty: all. */
  readonly only: string;
  /** Whether the bugs are left out: then nothing may be seen. */
  readonly isSound: boolean;
  readonly say: (line: string) => void;
}

const SEED = 1;
/** So many that cropping lasts long enough to be struck in the middle. */
const PHOTOS = 48;

/** Plants one bug after the other, and lets a short campaign look for it. */
export async function testCampaign(options: SelfTestOptions): Promise<SelfTestReport> {
  const { only, isSound, say } = options;
  const inputs = await prepareInputs({ seed: SEED, count: 1, photos: PHOTOS });
  const bugs: SelfTestReport['bugs'][number][] = [];
  try {
    for (const bug of PLANTED_BUGS.filter(({ name, shape }) => `${name} ${shape}`.includes(only))) {
      const startedAt = performance.now();
      const { violations } = await lookFor(bug, inputs, options);
      bugs.push({ bug: bug.name, violations });
      const [first] = violations;
      const seen = first === undefined ? 'NOTHING SEEN' : `${first.invariant}: ${first.seen}`;
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
      say(`${isSound ? 'without ' : ''}${bug.name} (${seconds} s)\n  -> ${seen}`);
    }
  } finally {
    await inputs.remove();
  }
  const unseen = bugs.filter(({ violations }) => violations.length === 0).map(({ bug }) => bug);
  say(`${bugs.length - unseen.length} of ${bugs.length} seen`);
  return { bugs, unseen };
}

async function lookFor(
  bug: PlantedBug,
  inputs: Inputs,
  { isSound }: SelfTestOptions,
): Promise<CampaignOutcome> {
  const { name, mishap = [] } = bug;
  const edits = isSound ? mishap : [...mishap, ...bug.edits];
  const build = edits.length === 0 ? null : await buildWithBug({ name, edits });
  try {
    const system = await START[bug.shape]({ build: build?.path });
    try {
      return await runCampaign(system, inputs.all, {
        faults: bug.faults,
        startRuns: { untilMs: 0, everyMs: 0, atOnce: 1 },
        maxStillMs: bug.maxStillMs,
        say: () => undefined,
      });
    } finally {
      await system.close();
    }
  } finally {
    await build?.remove();
  }
}
