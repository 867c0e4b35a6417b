// The fault campaign as a program. Started by scripts/campaign.mjs.
import { Command, Option } from '@commander-js/extra-typings';
import { serverAvailable } from '@deepstyle/testkit';
import { positiveNumber, positiveWholeNumber } from './positive-number.ts';
import { testCampaign } from './self-test.ts';
import { runWholeCampaign } from './whole-campaign.ts';
import { runWholeOutages } from './whole-outages.ts';

const SERVERS = ['nats', 'postgres', 's3'] as const;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const HELP = `
The shape cluster needs nats-server, PostgreSQL and versitygw: test/README.md says how they are installed.

Exit codes: 0 nothing was violated (with --self-test: each planted bug was seen), 1 something was, 2 not understood, or a
server is missing, 130 interrupted.`;

const { seed, minutes, shape, json, outages, shorter, selfTest, only, sound } = new Command(
  'campaign faults',
)
  .description(
    'Lets runs work while faults befall what they run on, and looks at what stands then.',
  )
  .addOption(
    new Option('--seed <n>', 'the same seed draws the same faults')
      .argParser(positiveWholeNumber)
      .default(1),
  )
  .addOption(
    new Option(
      '--minutes <m>',
      'how long faults come; the runs without faults before, and the rest at the end, come on top of them',
    )
      .argParser(positiveNumber)
      .default(3),
  )
  .addOption(
    new Option('--shape <shape>', 'processes over servers, or one over a data folder')
      .choices(['cluster', 'embedded'] as const)
      .default('cluster' as const),
  )
  .addOption(
    new Option(
      '--outages <seconds>',
      'instead: each server away for so long, or the disk of one process full, in each stage of a run in turn',
    ).argParser(positiveNumber),
  )
  .addOption(
    new Option(
      '--shorter <n>',
      'with --outages: they, and the pauses of the product, are so many times shorter',
    )
      .argParser(positiveNumber)
      .default(1),
  )
  .option('--json', 'prints the outcome as one object on stdout')
  .option(
    '--self-test',
    'plants bugs and looks whether the campaign sees them, in its own short schedules',
  )
  .option('--only <text>', 'with --self-test: only bugs whose name or shape holds the text', '')
  .option(
    '--sound',
    'with --self-test: the same schedules without the bugs, in which nothing may be seen',
  )
  .addHelpText('after', HELP)
  // What is not understood is no outcome.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts();

const missing =
  shape === 'cluster' || selfTest ? SERVERS.filter((name) => !serverAvailable(name)) : [];
if (missing.length > 0) {
  say(`${missing.join(', ')} not installed: see test/README.md, or try --shape embedded.`);
  process.exit(2);
}
// Servers and processes end with this one, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

function report(outcome: object, isGood: boolean): never {
  if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  process.exit(isGood ? 0 : 1);
}

if (selfTest) {
  const outcome = await testCampaign({ only, isSound: sound === true, say });
  const wrong = sound ? outcome.bugs.length - outcome.unseen.length : outcome.unseen.length;
  report(outcome, wrong === 0);
}
if (outages !== undefined) {
  const outcome = await runWholeOutages({ seed, shape, seconds: outages, shorter, say });
  const isWhole = outcome.outages.every(({ fell }) => fell);
  report(outcome, isWhole && outcome.violations.length === 0);
}
const outcome = await runWholeCampaign({ seed, minutes, shape, say });
report(outcome, outcome.violations.length === 0);
