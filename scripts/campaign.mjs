// Runs a campaign against the whole product: test/NAME/main.ts. The last line of stdout is its outcome with --json, what
// is for people goes to stderr.
//
//   node scripts/campaign.mjs NAME [OPTIONS...]     --help says which
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './build/places.mjs';

const CAMPAIGNS = {
  faults: 'lets runs work while machines, servers and disks fail, and looks at what stands then',
  security: 'sends hostile inputs by every way in, and looks at what they do',
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(CAMPAIGNS, name ?? '')) {
  const isHelp = name === '--help' || name === '-h';
  const lines = Object.entries(CAMPAIGNS).map(([each, what]) => `  ${each.padEnd(10)}${what}`);
  const help = [
    'Usage: campaign NAME [OPTIONS...]',
    '',
    ...lines,
    '',
    'campaign NAME --help lists its options.',
  ];
  (isHelp ? console.log : console.error)(help.join('\n'));
  process.exit(isHelp ? 0 : 2);
}

function run(...command) {
  const { status, signal, error } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

// The processes that it harms run from built files.
run('scripts/build.mjs', '--quiet');
run(
  ...['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'],
  join(ROOT, 'test', name, 'main.ts'),
  ...args,
);
