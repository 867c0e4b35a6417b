import { expect, test } from '@jest/globals';
import { runCampaign } from './campaign.ts';
import { startEmbeddedSystem } from './embedded-system.ts';
import { prepareInputs } from './inputs.ts';
import { planFaults } from './schedule.ts';

const SEED = 7;
const LENGTH_MS = 25_000;
/** Longer than any pause of the product between two tries. */
const MAX_STILL_MS = 150_000;

test('a short campaign on one process leaves nothing lost, nothing stuck and nothing twice', async () => {
  const inputs = await prepareInputs({ seed: SEED, count: 1, photos: 24 });
  const system = await startEmbeddedSystem();
  try {
    const [{ name }] = system.targets as [(typeof system.targets)[number]];
    const faults = planFaults({
      seed: SEED,
      targets: [{ name, kinds: ['kill', 'kill', 'stop', 'pause'] }],
      lengthMs: LENGTH_MS,
      gapMs: [3_000, 8_000],
    });
    const said: string[] = [];
    const outcome = await runCampaign(system, inputs.all, {
      faults,
      startRuns: { untilMs: LENGTH_MS / 2, everyMs: 5_000, atOnce: 2 },
      maxStillMs: MAX_STILL_MS,
      say: (line) => said.push(line),
    });
    expect(outcome.faults.length).toBe(faults.length);
    expect(outcome.runs).toBeGreaterThan(0);
    expect({ violations: outcome.violations, said, output: system.output() }).toMatchObject({
      violations: [],
    });
  } finally {
    await system.close();
    await inputs.remove();
  }
}, 900_000);
