import { createLogger } from '@deepstyle/platform';
import { expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { SubgraphFailedError } from '../src/data-sources.ts';
import { formatError } from '../src/format-error.ts';

const lines: string[] = [];
const logger = createLogger({ level: 'error', name: 'test', write: (line) => lines.push(line) });

test('a subgraph that is away does not tell its address', () => {
  const message =
    'request to http://10.0.0.7:4000/ failed, reason: connect ECONNREFUSED 10.0.0.7:4000';
  const told = formatError({ message, path: ['run'] }, new Error(message), logger);
  expect(JSON.stringify(told)).not.toContain('10.0.0.7');
  expect(told.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE' });
  expect(lines.join()).toContain('10.0.0.7');
});

test('our own errors keep message, code and reason', () => {
  const extensions = { code: 'NOT_FOUND', reason: 'NOT_FOUND', serviceName: 'scraper' };
  const told = formatError({ message: 'There is no run.', extensions }, new Error('x'), logger);
  expect(told).toEqual({
    message: 'There is no run.',
    extensions: { code: 'NOT_FOUND', reason: 'NOT_FOUND' },
  });
});

test('a mistake in the query is told as it is', () => {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', stacktrace: ['at …'] };
  const told = formatError(
    { message: 'Cannot query field "x".', extensions },
    new Error('x'),
    logger,
  );
  expect(told).toEqual({
    message: 'Cannot query field "x".',
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
});

test('an internal error of a subgraph keeps its details inside', () => {
  const extensions = { code: 'INTERNAL_SERVER_ERROR' };
  const told = formatError(
    { message: 'relation "x" does not exist', extensions },
    new Error('x'),
    logger,
  );
  expect(told.message).not.toContain('relation');
});

test('only what failed at a subgraph says that it did', () => {
  const away = new SubgraphFailedError('scraper', new TypeError('fetch failed'));
  const unavailable = formatError({ message: away.message }, away, logger);
  expect(unavailable.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE' });
  expect(unavailable.message).not.toContain('fetch failed');
  const thrown = new Error("Cannot read properties of undefined (reading 'node')");
  const bug = formatError({ message: thrown.message }, thrown, logger);
  expect(bug.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
  expect(bug.message).not.toContain('undefined');
  expect(lines.at(-1)).toContain('Cannot read properties');
});

test('a refusal of the request without a code is a bad request, unless a subgraph says it', () => {
  const message = 'provided sha does not match query';
  const thrown = new GraphQLError(message, { extensions: { http: { status: 400 } } });
  const code = 'INTERNAL_SERVER_ERROR';
  expect(formatError({ message, extensions: { code } }, thrown, logger)).toEqual({
    message,
    extensions: { code: 'BAD_REQUEST' },
  });
  const told = formatError({ message, path: ['run'], extensions: { code } }, thrown, logger);
  expect(told.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE' });
});
