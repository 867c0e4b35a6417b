import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';

class OwnError extends Error {}

const thrownBy = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

test('bytes that Node made are the Uint8Array of the test', () => {
  expect(readFileSync(new URL(import.meta.url))).toBeInstanceOf(Uint8Array);
  expect(structuredClone(new Float32Array(2))).toBeInstanceOf(Float32Array);
  expect(structuredClone(new Map([[1, 2]]))).toBeInstanceOf(Map);
});

test('an error is an Error whichever realm threw it', () => {
  const ofNode = thrownBy(() => readFileSync('/nowhere'));
  const ofLanguage = thrownBy(() => JSON.parse('{'));
  expect(ofNode).toBeInstanceOf(Error);
  expect(ofLanguage).toBeInstanceOf(Error);
  expect(ofLanguage).toBeInstanceOf(SyntaxError);
  expect(ofLanguage).not.toBeInstanceOf(TypeError);
  expect(thrownBy(() => new URL('no url'))).toBeInstanceOf(TypeError);
  expect(() => (undefined as unknown as { x: number }).x).toThrow(TypeError);
});

test('a subclass of Error takes its own instances only', () => {
  expect(new OwnError()).toBeInstanceOf(OwnError);
  expect(new OwnError()).toBeInstanceOf(Error);
  expect(new Error()).not.toBeInstanceOf(OwnError);
  expect({ name: 'Error', message: 'looks like one' }).not.toBeInstanceOf(Error);
});

test('an aborted wait rejects with an Error', async () => {
  await expect(sleep(1000, undefined, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
    Error,
  );
});
