import { buildWithBug } from '../faults/planted-build.ts';
import { runCampaign, type SecurityReport, signsOf } from './campaign.ts';
import { CLASSES } from './classes/all-classes.ts';
import { chosen } from './input.ts';
import { OWN_THREADS, PLANTED_GAPS, type PlantedGap } from './planted-guards.ts';
import { startSecuritySystem } from './system.ts';

export interface SelfTestReport {
  /** What was seen of each gap; empty where the campaign is blind to it. */
  readonly gaps: readonly { readonly gap: string; readonly signs: readonly string[] }[];
  readonly unseen: readonly string[];
}

export interface SelfTestOptions {
  /** Gaps whose name holds this; empty: all. */
  readonly only: string;
  readonly say: (line: string) => void;
}

const SEED = 1;

/** Takes out one guard after the other, and lets a short campaign look for the gap. */
export async function testCampaign({ only, say }: SelfTestOptions): Promise<SelfTestReport> {
  const gaps: SelfTestReport['gaps'][number][] = [];
  for (const gap of PLANTED_GAPS.filter(({ name }) => name.includes(only))) {
    const signs = signsOf(await lookFor(gap));
    gaps.push({ gap: gap.name, signs });
    say(`${gap.name}\n  -> ${signs[0] ?? 'NOTHING SEEN'}`);
  }
  const unseen = gaps.filter(({ signs }) => signs.length === 0).map(({ gap }) => gap);
  say(`${gaps.length - unseen.length} of ${gaps.length} seen`);
  return { gaps, unseen };
}

async function lookFor({ name, edits, only, count }: PlantedGap): Promise<SecurityReport> {
  const build = await buildWithBug({ name, edits: [...edits, ...OWN_THREADS] });
  try {
    const system = await startSecuritySystem(build.path);
    try {
      const classes = chosen(CLASSES, only);
      return await runCampaign(system, {
        classes,
        seed: SEED,
        count,
        from: 0,
        say: () => undefined,
      });
    } finally {
      await system.close();
    }
  } finally {
    await build.remove();
  }
}
