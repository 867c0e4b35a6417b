// The fault campaign as a program. Started by scripts/campaign.mjs.
import { Command, Option } from '@commander-js/extra-typings';
import { serverAvailable } from '@deepstyle/testkit';
import { testCampaign } from './self-test.ts';
import { runWholeCampaign } from './whole-campaign.ts';
import { runWholeOutages } from './whole-outages.ts';

const SERVERS = ['nats', 'postgres', 's3'] as const;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const { seed, minutes, shape, json, outages, shorter, selfTest, only, sound } = new Command(
  'campaign faults',
)
  .description(
    'Lets runs work while faults befall what they run on, and looks at what stands then.',
  )
  .addOption(
    new Option('--seed <n>', 'the same seed draws the same faults').argParser(Number).default(1),
  )
  .addOption(new Option('--minutes <m>', 'how long faults come').argParser(Number).default(3))
  .addOption(
    new Option('--shape <shape>', 'processes over servers, or one over a data folder')
      .choices(['cluster', 'embedded'] as const)
      .default('cluster' as const),
  )
  .addOption(
    new Option(
      '--outages <seconds>',
      'instead: each server away for so long, or the disk of one process full, in each stage of a run in turn',
    ).argParser(Number),
  )
  .addOption(
    new Option(
      '--shorter <n>',
      'with --outages: they, and the pauses of the product, are so many times shorter',
    )
      .argParser(Number)
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
