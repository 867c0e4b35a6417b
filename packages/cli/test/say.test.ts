import { readdirSync, readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { expect, jest, test } from '@jest/globals';
import { Call } from '../src/call.ts';
import { say } from '../src/output/say.ts';

const HOSTILE = 'a\u001b]0;owned\u0007\u009b2J\u202eb';

/** What is written to a stream meanwhile. */
function writtenTo(stream: NodeJS.WriteStream, work: () => void): string {
  const written: string[] = [];
  const write = jest.spyOn(stream, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    work();
  } finally {
    write.mockRestore();
  }
  return written.join('');
}

test('a name from outside does not steer the terminal', () => {
  const told = writtenTo(process.stderr, () => say(`${HOSTILE}\n`));
  expect(told).toBe('a\\u001b]0;owned\\u0007\\u009b2J\\u202eb\n');
});

test('nor in a result, which stays one for machines', () => {
  const call = new Call({});
  expect(writtenTo(process.stdout, () => call.print({}, HOSTILE))).not.toContain('\u001b');
  call.shared = { json: true };
  const printed = writtenTo(process.stdout, () => call.print({ name: HOSTILE }, ''));
  expect(printed).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(JSON.parse(printed)).toEqual({ name: HOSTILE });
});

test('nothing else writes to a stream', () => {
  const folder = assetPath('packages/cli/src');
  const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      /std(out|err)\.write|console\./.test(readFileSync(`${folder}/${name}`, 'utf8')),
  );
  expect(writers.sort()).toEqual(['call.ts', 'output/say.ts']);
});
