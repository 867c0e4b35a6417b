// Runs a campaign against the whole product: test/NAME/main.ts. The last line of stdout is its outcome with --json, what
// is for people goes to stderr.
//
//   node scripts/campaign.mjs NAME [OPTIONS...]     --help says which
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersIn } from './build/files.mjs';
import { ROOT } from './build/places.mjs';

const [name, ...args] = process.argv.slice(2);
const programOf = (campaign) => join(ROOT, 'test', campaign, 'main.ts');
const names = foldersIn('test').filter((each) => existsSync(programOf(each)));
if (!names.includes(name)) {
  console.error(`Usage: campaign NAME [OPTIONS...]. There are: ${names.join(', ')}`);
  process.exit(2);
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
  programOf(name),
  ...args,
);
