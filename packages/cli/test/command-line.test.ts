import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assetPath } from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { photoSource } from '../src/arguments/photo-source.ts';
import { Call } from '../src/call.ts';
import { createProgram } from '../src/program.ts';
import { commandsBelow, UsageError, wordsOf } from '../src/usage-error.ts';
import { readTyped, runTyped } from './typed.ts';

const RUN = '0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
const ID = 'a1'.repeat(32);
const LETTER = 'EVENTS.cropper-photos.12';
const JOB = 'JOBS.gan-trainer-train.3';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('command-line');
  await mkdir(join(folder.path, 'photos'));
  await writeFile(join(folder.path, 'list.jsonl'), '{}\n');
});
afterAll(() => folder.remove());

const inFolder = (name: string) => join(folder.path, name);
const read = (...args: string[]) => readTyped(folder.path, args);

describe('a command is read with its options', () => {
  test('run', async () => {
    const given = ['--photos', 'photos', '--season', 'FW2019', '--steps', '40', '--detector', ID];
    expect(await read('run', ...given, '--brand', 'Aurelle', '--skip-gan', '--json')).toEqual({
      command: 'run',
      given: [
        {
          photos: { folder: inFolder('photos') },
          ...{ season: 'FW2019', steps: 40, detector: `detector_${ID}`, brand: 'Aurelle' },
          skipGan: true,
        },
      ],
      data: undefined,
      isJson: true,
    });
  });

  test.each<[string, string[], unknown[]]>([
    ['demo', ['--exit', '--quick', '--seed', '9'], [{ exit: true, quick: true, seed: 9 }]],
    ['up', ['--port', '0'], [{ port: 0 }]],
    ['doctor', [], [{}]],
    ['run publish', [RUN, '--incomplete'], [`run_${RUN}`, { incomplete: true }]],
    ['run publish', [`run_${RUN}`, '--incomplete'], [`run_${RUN}`, { incomplete: true }]],
    ['run list', ['--last', '3'], [{ last: 3 }]],
    ['run show', [RUN], [`run_${RUN}`, {}]],
    ['run cancel', [RUN], [`run_${RUN}`, {}]],
    ['run resume', [RUN], [`run_${RUN}`, {}]],
    ['run retry', [`run_${RUN}`], [`run_${RUN}`, {}]],
    ['events dead-letters list', [], [{}]],
    ['events dead-letters show', [LETTER], [LETTER, {}]],
    ['events dead-letters retry', ['--all'], [[], { all: true }]],
    ['events dead-letters drop', [LETTER, JOB], [[LETTER, JOB], {}]],
    ['detector train', [ID, '--labels', 'types'], [`dataset_${ID}`, { labels: 'types' }]],
    ['detector train', [`dataset_${ID}`, '--seed', '3'], [`dataset_${ID}`, { seed: 3 }]],
  ])('%s %j', async (command, args, given) => {
    expect(await read(...command.split(' '), ...args)).toMatchObject({ command, given });
  });

  test('dataset check, import and export, with paths from where the person is', async () => {
    const reading = { boxes: 'exclusive', attributes: true };
    expect(await read('dataset', 'check', 'photos', '--strict', '--all')).toMatchObject({
      given: [inFolder('photos'), { ...reading, strict: true, all: true }],
    });
    const fine = ['--boxes', 'inclusive', '--set', 'fine', '--no-attributes'];
    expect(await read('dataset', 'import-deepfashion', 'photos', ...fine)).toMatchObject({
      given: [inFolder('photos'), { boxes: 'inclusive', set: 'fine', attributes: false }],
    });
    const output = { output: inFolder('out/coco.json') };
    expect(await read('dataset', 'export', ID, '--output', 'out/coco.json')).toMatchObject({
      given: [{ id: `dataset_${ID}` }, { ...reading, ...output }],
    });
    expect(await read('dataset', 'export', 'photos', '--output', 'out/coco.json')).toMatchObject({
      given: [{ path: inFolder('photos') }, output],
    });
  });

  test('detector detect, with as many files and folders as are typed', async () => {
    const options = ['--out', 'new', '--model', ID, '--min-score', '0.3', '--crops'];
    expect(await read('detector', 'detect', 'photos', 'list.jsonl', ...options)).toMatchObject({
      given: [
        [inFolder('photos'), inFolder('list.jsonl')],
        { out: inFolder('new'), model: { id: `detector_${ID}` }, minScore: 0.3, crops: true },
      ],
    });
    const ofFile = await read(
      'detector',
      'detect',
      'photos',
      '--out',
      'new',
      '--model',
      'list.jsonl',
    );
    expect(ofFile.given?.[1]).toEqual({
      out: inFolder('new'),
      model: { path: inFolder('list.jsonl') },
    });
  });

  test('an import without images still reads them where they are said to be', async () => {
    const args = ['dataset', 'import-coco', 'photos', '--no-images', '--images', 'photos'];
    expect(await read(...args)).toMatchObject({
      given: [inFolder('photos'), { annotationsOnly: true, images: inFolder('photos') }],
    });
  });

  test.each([
    [['--json', '--data', 'kept', 'dataset', 'check', 'photos']],
    [['dataset', '--json', 'check', '--data', 'kept', 'photos']],
    [['dataset', 'check', 'photos', '--data=kept', '--json']],
  ])('--json and --data stand anywhere: %j', async (args) => {
    expect(await read(...args)).toMatchObject({ isJson: true, data: inFolder('kept') });
  });
});

/** Scripts stand on these. */
const OPTIONS = {
  'dataset check': '--strict --all --quick --boxes --set --no-attributes --sizes --images --pixels',
  'dataset import-coco':
    '--name --strict --no-images --boxes --set --no-attributes --sizes --images --pixels',
  'dataset export':
    '--output --split --name --strict --boxes --set --no-attributes --sizes --images --pixels',
  run: '--photos --season --detector --brand --steps --skip-gan',
  up: '--port',
  'detector evaluate': '--annotations --results',
  'detector detect': '--out --model --crops --min-score',
  'events dead-letters retry': '--all',
  'events dead-letters drop': '--all',
};

const program = createProgram(new Call({}));
const commands = commandsBelow(program);

test.each(Object.entries(OPTIONS))('the options of %s stay', (words, options) => {
  const command = commands.find((each) => wordsOf(each) === words);
  expect(command?.options.map(({ long }) => long)).toEqual(options.split(' '));
  expect(program.options.map(({ long }) => long)).toEqual(['--data', '--json', '--version']);
});

test('--version prints the version of the chart’s images', async () => {
  const chart = readFileSync(assetPath('charts/deepstyle/Chart.yaml'), 'utf8');
  const version = /^appVersion: (.+)$/m.exec(chart)?.[1];
  expect(await runTyped(folder.path, ['--version'])).toEqual({ code: 0, printed: `${version}\n` });
});

describe('a usage error', () => {
  test.each<[string, string[], string]>([
    ['an unknown command', ['runn'], 'There is no command "runn". Did you mean run?'],
    ['one of a group', ['dataset', 'chek'], 'no command "dataset chek". Did you mean check?'],
    ['one of a command', ['run', 'bogus'], 'There is no command "run bogus".'],
    ['half a command', ['dataset'], 'There is no command "dataset": it needs one of check,'],
    ['no command', ['--json'], 'A command is missing: one of demo, up,'],
    ['an unknown option', ['run', '--foto', 'x'], 'no option --foto. Did you mean --photos?'],
    [
      'one before a command',
      ['--jsn', 'up'],
      'deepstyle has no option --jsn. Did you mean --json?',
    ],
    ['a stray word', ['up', 'now'], '"now" was not expected.'],
    ['a missing option', ['run', '--season', 'FW2019'], 'run needs --photos SOURCE.'],
    [
      'a missing word of consent, with what it means',
      ['run', 'publish', RUN],
      'run publish needs --incomplete: publish it as it is, without what was lost;',
    ],
    ['a missing value', ['run', '--photos'], 'A value is missing: --photos SOURCE.'],
    ['a forgotten value', ['run', '--brand', '--steps'], '--brand needs a value, not "--steps".'],
    ['a missing argument', ['detector', 'train'], 'detector train needs DATASET.'],
  ])('%s is named', async (_name, args, message) => {
    const typed = runTyped(folder.path, args);
    await expect(typed).rejects.toThrow(UsageError);
    await expect(typed).rejects.toThrow(message);
  });

  test.each<[string[], string]>([
    [['demo', '--photos', 'photos'], 'demo has no option --photos. It is an option of run.'],
    [['dataset', 'check', 'photos', '--name', 'x'], 'It is an option of dataset import-deepfash'],
    [['run', '--port', '1'], 'run has no option --port. It is an option of demo, up.'],
    [['up', '--labels', 'types'], 'up has no option --labels. It is an option of detector train.'],
    [
      ['run', 'cancel', RUN, '--steps', '3'],
      'run cancel has no option --steps. It is an option of',
    ],
    [
      ['run', '--skip-gan', 'list'],
      'run list has no option --skip-gan. It is an option of demo, run.',
    ],
    [['doctor', '--exit'], 'doctor has no option --exit. It is an option of demo.'],
  ])('an option on the wrong command: %j', async (args, message) => {
    await expect(runTyped(folder.path, args)).rejects.toThrow(message);
  });

  const run = (...args: string[]) => ['run', '--photos', 'photos', '--season', 'FW2019', ...args];
  test.each<[string, string[], string]>([
    ['a season', ['run', '--photos', 'photos', '--season', 'FW19'], '--season must be SS, FW,'],
    ['a season in small letters', run('--season', 'fw2019'), 'not "fw2019"'],
    ['a folder', run('--photos', 'nowhere'), 'There is no folder '],
    ['a file for a folder', run('--photos', 'list.jsonl/x'), 'There is no folder '],
    ['a folder of nothing', run('--photos', ''), '--photos needs a path.'],
    ['a manifest', run('--photos', 'none.jsonl'), 'There is no file '],
    ['an address', run('--photos', 'ftp://example.org'), 'is no address that begins with https'],
    ['a broken address', run('--photos', 'http://'), 'is no address that begins with https'],
    ['a detector', run('--detector', 'nonne'), '--detector must be none, pose or the id of a'],
    ['a number that is none', run('--steps', 'many'), '--steps must be a whole number'],
    ['no step', run('--steps', '0'), '--steps must be a whole number from 1 to 10000000'],
    ['a negative number', ['demo', '--seed=-1'], '--seed must be a whole number, not "-1".'],
    ['a port', ['up', '--port', '65536'], '--port must be a whole number from 0 to 65535'],
    ['a seed', ['detector', 'train', ID, '--seed', '2147483648'], 'from 0 to 2147483647'],
    ['labels', ['detector', 'train', ID, '--labels', 'all'], '--labels must be one of categories,'],
    [
      'a dead letter',
      ['events', 'dead-letters', 'show', 'x.1'],
      'ID must be the id of a dead letter',
    ],
    ['what to retry', ['events', 'dead-letters', 'retry'], 'retry needs either IDs or --all.'],
    [
      'all and one to drop',
      ['events', 'dead-letters', 'drop', LETTER, '--all'],
      'drop needs either IDs or --all.',
    ],
    ['a dataset', ['detector', 'train', 'mine'], 'DATASET must be the id of an imported dataset'],
    ['a dataset to import', ['dataset', 'import-coco', 'nowhere'], 'There is no file or folder '],
    ['one that is a file', ['dataset', 'import-deepfashion', 'list.jsonl'], 'There is no folder '],
    ['sizes', ['dataset', 'import-coco', 'photos', '--sizes', 'photos'], 'There is no file '],
    ['images', ['dataset', 'import-coco', 'photos', '--images', 'nowhere'], 'There is no folder '],
    ['an output', ['dataset', 'export', ID, '--output', 'photos'], 'is a folder, not a file'],
    ['one below a file', ['dataset', 'export', ID, '--output', 'list.jsonl/x'], 'is a file, not a'],
    [
      'a data folder',
      ['up', '--data', 'list.jsonl'],
      'list.jsonl is a file, not a folder (--data)',
    ],
    ['a folder to keep', ['demo', '--keep', 'list.jsonl'], 'is a file, not a folder (--keep)'],
  ])('%s is judged before anything starts', async (_name, args, message) => {
    const typed = runTyped(folder.path, args);
    await expect(typed).rejects.toThrow(UsageError);
    await expect(typed).rejects.toThrow(message);
    expect(existsSync(inFolder('data'))).toBe(false);
  });
});

describe('dist/deepstyle.js', () => {
  const built = assetPath('dist/deepstyle.js');

  test('ends a usage error with 2, one line on what is wrong and one on how to get help', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [built, 'runn'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^There is no command "runn".*\n"deepstyle help" lists .*\n$/);
  });

  test('loads nothing but the command line’s library before a command runs', () => {
    expect(loadedAtOnce(built)).toEqual(['@commander-js/extra-typings']);
  });
});

/** Packages that a built file imports at its start, also by way of other built files. */
function loadedAtOnce(file: string): string[] {
  const files = new Set([file]);
  const packages = new Set<string>();
  for (const each of files) {
    const imports = readFileSync(each, 'utf8').matchAll(/^(?:import|\} from) .*?"([^"]+)";$/gm);
    for (const [, name = ''] of imports) {
      if (name.startsWith('.')) files.add(join(dirname(each), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return [...packages];
}

describe('photoSource', () => {
  test.each([
    ['photos', { folder: 'photos' }],
    ['list.jsonl', { manifest: 'list.jsonl' }],
  ])('%s', (photos, expected) => {
    const [[kind, name] = ['', '']] = Object.entries(expected);
    expect(photoSource('--photos', folder.path)(photos)).toEqual({ [kind]: inFolder(name) });
    expect(photoSource('--photos', '/elsewhere')(inFolder(photos))).toEqual({
      [kind]: inFolder(name),
    });
  });

  test.each([
    ['https://example.org/shows', { url: 'https://example.org/shows' }],
    ['https://example.org/list.jsonl', { manifest: 'https://example.org/list.jsonl' }],
  ])('%s', (photos, expected) => {
    expect(photoSource('--photos', '/home/me')(photos)).toEqual(expected);
  });
});
