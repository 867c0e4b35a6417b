import { DataFolderInUseError } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { onceFree } from '../src/instance/once-free.ts';

let said: string[] = [];
beforeEach(() => {
  said = [];
  jest.useFakeTimers({ advanceTimers: true });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** Starts once a command that has the folder for so long has ended. */
function starting(folder: string, heldMs: number) {
  const freeAt = Date.now() + heldMs;
  const attempts: boolean[] = [];
  const started = onceFree(folder, async (isFirst) => {
    attempts.push(isFirst);
    if (Date.now() < freeAt) throw new DataFolderInUseError(folder, 'process 1 (deepstyle doctor)');
    return 'started';
  });
  return { started, attempts };
}

test('a command waits for a short one that has its data folder, also on a slow machine', async () => {
  await using data = await temporaryFolder('cli-once-free');
  const { started, attempts } = starting(data.path, 300_000);
  await jest.advanceTimersByTimeAsync(301_000);
  expect(await started).toBe('started');
  expect(said).toEqual([expect.stringMatching(/in use by process 1 .*\nWaiting for it\.\n$/s)]);
  expect(attempts.slice(0, 2)).toEqual([true, false]);
});

test('it says so where the folder is not given up', async () => {
  await using data = await temporaryFolder('cli-once-free');
  const { started } = starting(data.path, 3_600_000);
  const refused = expect(started).rejects.toMatchObject({ reason: 'DATA_FOLDER_IN_USE' });
  await jest.advanceTimersByTimeAsync(700_000);
  await refused;
});

test('what fails for another reason is not tried again', async () => {
  await expect(onceFree('/nowhere', () => Promise.reject(new Error('a bug')))).rejects.toThrow(
    'a bug',
  );
  expect(said).toEqual([]);
});
