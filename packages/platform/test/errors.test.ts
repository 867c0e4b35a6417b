import { describe, expect, test } from '@jest/globals';
import {
  DeepStyleError,
  describeError,
  ERROR_TABLE,
  explainFailure,
  InternalError,
  NotFoundError,
} from '../src/index.ts';

test('what is not ours becomes INTERNAL, and its message stays inside', () => {
  const error = DeepStyleError.from(new Error('connect ECONNREFUSED 10.0.0.7:5432'));
  expect(error.code).toBe('INTERNAL');
  expect(error.message).not.toContain('10.0.0.7');
  expect(describeError(error)).toContain('10.0.0.7');
});

test('our own errors pass unchanged', () => {
  const error = new NotFoundError('photo', 'abc');
  expect(DeepStyleError.from(error)).toBe(error);
});

test('each code has one gRPC status, so that it survives the way there and back', () => {
  const statuses = Object.values(ERROR_TABLE).map(({ grpc }) => grpc);
  expect(new Set(statuses).size).toBe(statuses.length);
});

test('retryable follows the table', () => {
  expect(new DeepStyleError({ code: 'UNAVAILABLE', message: 'x' }).retryable).toBe(true);
  expect(new DeepStyleError({ code: 'INVALID_ARGUMENT', message: 'x' }).retryable).toBe(false);
});

test('a subclass carries its own name', () => {
  expect(new NotFoundError('photo', 'abc').name).toBe('NotFoundError');
});

test('a circle of causes ends', () => {
  const error = new Error('round');
  error.cause = error;
  expect(describeError(error).split('<-').length).toBeLessThanOrEqual(5);
});

describe('a limit of open files', () => {
  const beneath = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });

  test.each([
    ['itself', beneath],
    [
      'beneath a failure that is named',
      new InternalError(new Error('a store', { cause: beneath })),
    ],
  ])('is told with what to do: %s', (_where, thrown) => {
    expect(explainFailure(thrown)).toMatch(/may have \d+ open at once.*ulimit -n/);
  });

  test('is no verdict on the work that met it', () => {
    expect(DeepStyleError.from(beneath)).toMatchObject({
      reason: 'TOO_MANY_OPEN_FILES',
      verdict: 'wait',
    });
  });
});
