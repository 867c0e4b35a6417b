// The campaign of hostile inputs as a program. Started by scripts/campaign.mjs.
import { Command, Option } from '@commander-js/extra-typings';
import { serverAvailable } from '@deepstyle/testkit';
import { positiveWholeNumber } from '../faults/positive-number.ts';
import { runCampaign, signsOf } from './campaign.ts';
import { CLASSES } from './classes/all-classes.ts';
import { chosen } from './input.ts';
import { testCampaign } from './self-test.ts';
import { startSecuritySystem } from './system.ts';

const SERVERS = ['nats', 'postgres'] as const;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const HELP = `
It needs nats-server and PostgreSQL: test/README.md says how they are installed.

Exit codes: 0 nothing was seen (with --self-test: each guard that was taken out was missed), 1 something was, 2 not
understood, or a server is missing, 130 interrupted.`;

const { seed, count, json, selfTest, only } = new Command('campaign security')
  .description(
    'Sends hostile inputs and honest ones like them by every way in, and looks at what they do.',
  )
  .addOption(
    new Option('--seed <n>', 'the same seed draws the same inputs')
      .argParser(positiveWholeNumber)
      .default(1),
  )
  .addOption(
    new Option(
      '--count <n>',
      'inputs in all, of as many classes as there are pairs: a hostile one and an honest one like it',
    )
      .argParser(positiveWholeNumber)
      .default(CLASSES.length * 2),
  )
  .option('--json', 'prints the outcome as one object on stdout')
  .option('--self-test', 'takes guards out and looks whether the campaign sees that')
  .option(
    '--only <text>',
    'only classes whose name or guard holds the text; with --self-test only gaps',
    '',
  )
  .addHelpText('after', HELP)
  // What is not understood is no outcome.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts();

const classes = chosen(CLASSES, only);
if (!selfTest && classes.length === 0) {
  say(`No class and no guard holds "${only}".`);
  process.exit(2);
}
const missing = SERVERS.filter((name) => !serverAvailable(name));
if (missing.length > 0) {
  say(`${missing.join(', ')} not installed: see test/README.md.`);
  process.exit(2);
}
// Servers and processes end with this one, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

function report(outcome: object, isGood: boolean): never {
  if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  process.exit(isGood ? 0 : 1);
}

if (selfTest) {
  const outcome = await testCampaign({ only, say });
  report(outcome, outcome.unseen.length === 0);
}
const system = await startSecuritySystem();
const outcome = await runCampaign(system, { classes, seed, count, from: 0, say });
const signs = signsOf(outcome);
if (signs.length > 0) say(system.output());
await system.close();
const { tried, crashes, privateRequests, holdMs, holdCpuMs, mb, wrong } = outcome;
const figures = {
  longestHoldMs: Math.round(holdMs),
  longestHoldCpuMs: Math.round(holdCpuMs),
  peakMb: Math.round(mb),
};
say(
  [
    `${tried} inputs of ${Math.min(classes.length, tried / 2)} classes: held ${figures.longestHoldMs} ms (computing ${figures.longestHoldCpuMs}), ${figures.peakMb} MB`,
    ...signs.map((sign) => `  ${sign}`),
  ].join('\n'),
);
report(
  { tried, crashes, privateRequests, ...figures, wrong: wrong.length, wrongInputs: wrong, seed },
  signs.length === 0,
);
