import { describeWithServer } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { runCampaign, signsOf } from './campaign.ts';
import { CLASSES } from './classes/all-classes.ts';
import { startSecuritySystem } from './system.ts';

/** Not the first of each class, which is the largest. */
const FROM = 1;

describeWithServer(['nats', 'postgres'], 'a sample of hostile inputs', () => {
  test('is refused by what guards against it, costs no more than it may, and honest ones are taken', async () => {
    const system = await startSecuritySystem();
    try {
      const count = CLASSES.length * 2;
      const said: string[] = [];
      const outcome = await runCampaign(system, {
        classes: CLASSES,
        seed: 1,
        count,
        from: FROM,
        say: (line) => said.push(line),
      });
      expect({ signs: signsOf(outcome), said, output: system.output() }).toMatchObject({
        signs: [],
      });
      expect(outcome.tried).toBe(count);
    } finally {
      await system.close();
    }
  }, 600_000);
});
