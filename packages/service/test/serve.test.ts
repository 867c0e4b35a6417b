import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { assetPath, PortTakenError, processEnvironment } from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from '../src/index.ts';
import { madeService } from './made-service.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('serve');
});
afterEach(() => folder.remove());

const settings = (more: Record<string, string> = {}) => ({
  DEEPSTYLE_DATA: folder.path,
  HTTP_PORT: '0',
  LOG_LEVEL: 'silent',
  ...more,
});

const postGraph = (port: number, body: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });

/** Runs a service in a process of its own until it ends by itself. */
async function runProcess(
  environment: Record<string, string>,
): Promise<{ readonly code: number; readonly log: string }> {
  const { PATH = '' } = processEnvironment();
  const entry = assetPath('packages/service/test/idle-process.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=deepstyle:source', '--import', 'tsx', entry],
    { cwd: assetPath('.'), env: { PATH, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const [log, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, log };
}

describe('a service in this process', () => {
  test('is ready and answers its graph', async () => {
    const running = await startService(madeService().service, settings());
    expect((await fetch(`http://127.0.0.1:${running.httpPort}/readyz`)).status).toBe(200);
    const answer = await postGraph(running.httpPort, JSON.stringify({ query: '{ __typename }' }));
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
    await running.close();
  });

  test('refuses a body that is no JSON without a stack trace', async () => {
    const running = await startService(madeService().service, settings());
    const answer = await postGraph(running.httpPort, '{');
    const message = 'The body is no JSON, or is not packed as it says.';
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
    ]);
    await running.close();
  });

  test('refuses a small query that is exponentially large when written out', async () => {
    const running = await startService(madeService().service, settings());
    const fragments = Array.from(
      { length: 45 },
      (_, level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(' ')} fragment F45 on Query { __typename }`;
    const answer = await postGraph(running.httpPort, JSON.stringify({ query }));
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('QUERY_TOO_LARGE'),
    ]);
    await running.close();
  });

  test('is not ready from the first moment of its closing, and gone after it', async () => {
    const running = await startService(madeService().service, settings());
    const closing = running.close();
    expect(running.health.state).toBe('draining');
    await closing;
    const alive = fetch(`http://127.0.0.1:${running.httpPort}/livez`);
    await expect(alive).rejects.toThrow('fetch failed');
  });

  test('whose port is taken closes all that it has opened', async () => {
    const first = await startService(madeService().service, settings());
    await using other = await temporaryFolder('serve');
    const { service, told } = madeService();
    const taken = { DEEPSTYLE_DATA: other.path, HTTP_PORT: String(first.httpPort) };
    await expect(startService(service, settings(taken))).rejects.toThrow(PortTakenError);
    expect(told).toEqual(['created', 'closed']);
    await first.close();
  });
});

describe('a service as a process', () => {
  test('that has nothing to do closes in order and ends with 0', async () => {
    const idle = { DEEPSTYLE_ROLE: 'worker', WORKER_IDLE_EXIT_SECONDS: '1', LOG_LEVEL: 'debug' };
    const { code, log } = await runProcess(settings(idle));
    const steps = [...log.matchAll(/"step":"([^"]+)"/g)].map(([, step]) => step);
    expect(steps[0]).toBe('readiness');
    expect(steps.slice(1, 3)).toEqual(['HTTP server', 'subgraph']);
    expect(steps.at(-1)).toBe('database');
    expect(code).toBe(0);
  });

  test('with wrong settings says which, and ends with the code that another start does not mend', async () => {
    const { code, log } = await runProcess(settings({ HTTP_PORT: 'web' }));
    expect(log).toContain('cropper did not start');
    expect(log).toContain('HTTP_PORT must be a whole number');
    expect(code).toBe(78);
  });
});
