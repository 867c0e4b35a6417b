import { describeWithServer } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import type { Shape } from './disturbed-system.ts';
import { runWholeCampaign } from './whole-campaign.ts';

const SEED = 7;
/** Of faults, on each shape. */
const MINUTES = 1.5;
const MIN_FAULTS = 4;
const LIMIT_MS = 1_800_000;

async function campaignOn(shape: Shape): Promise<void> {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const { faults, violations } = await runWholeCampaign({
    seed: SEED,
    minutes: MINUTES,
    shape,
    say,
  });
  expect({ violations, said }).toMatchObject({ violations: [] });
  expect(faults).toBeGreaterThanOrEqual(MIN_FAULTS);
}

test(
  'a campaign on one process leaves nothing lost, nothing stuck and nothing twice',
  () => campaignOn('embedded'),
  LIMIT_MS,
);

describeWithServer(['nats', 'postgres', 's3'], 'a campaign on a process per service', () => {
  test(
    'leaves nothing lost, nothing stuck and nothing twice',
    () => campaignOn('cluster'),
    LIMIT_MS,
  );
});
