/** The examples run, and the README shows one of them. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(PACKAGE, 'examples');

/** What each prints. */
const printed: Record<string, RegExp> = {
  '01-trace.ts': /^%0: float32\[4, 2\] = MatMul\(%batch\.x, %state\.weight\)/m,
  '02-train.ts':
    /^step 0: loss \d\.\d{3}\n(step \d+: loss 0\.\d{3}\n){2}step 300: loss 0\.[012]\d\d\n$/,
  '03-export-onnx.ts': /^\[1, 2\]\n\[4, 2\]\n$/,
  '04-data-parallel.ts': /^slope 3\.000\n$/,
  '05-resume.ts': /^resumed (.+)\nthrough \1\n$/,
};

async function run(file: string): Promise<string> {
  const flags = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, path.join(folder, file)],
    {
      cwd: PACKAGE,
    },
  );
  return stdout;
}

test('each example is told what it prints', () => {
  expect(readdirSync(folder)).toEqual(Object.keys(printed));
});

test.each(Object.entries(printed))('%s runs', async (file, output) => {
  expect(await run(file)).toMatch(output);
});

describe('the README', () => {
  const readme = readFileSync(path.join(PACKAGE, 'README.md'), 'utf8');
  const [code = ''] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block ?? '');

  test('shows the second example, as it runs', () => {
    expect(code).toBe(readFileSync(path.join(folder, '02-train.ts'), 'utf8'));
  });

  test('trains a network in thirty lines', () => {
    expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(30);
  });
});
