import { createServer } from 'node:http';
import { PortTakenError, SettingsError } from '@deepstyle/platform';
import { SERVICE_NAMES } from '@deepstyle/service';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startGateway } from '../src/serve-gateway.ts';
import { listenAnywhere, subgraphUrls } from './running-gateway.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('gateway');
});
afterEach(() => folder.remove());

const settings = (more: Record<string, string> = {}) => ({
  ...subgraphUrls('http://127.0.0.1:9/graphql'),
  DEEPSTYLE_DATA: folder.path,
  HTTP_PORT: '0',
  LOG_LEVEL: 'silent',
  ...more,
});

test('a gateway that has started is ready, and gone once it is closed', async () => {
  const gateway = await startGateway(settings());
  const ready = `http://127.0.0.1:${gateway.httpPort}/readyz`;
  expect((await fetch(ready)).status).toBe(200);
  await gateway.close();
  await expect(fetch(ready)).rejects.toThrow('fetch failed');
});

test('every subgraph without an address is named at once', async () => {
  const started = startGateway({ DEEPSTYLE_DATA: folder.path, HTTP_PORT: 'web' });
  await expect(started).rejects.toThrow(SettingsError);
  const message = await started.catch((error: Error) => error.message);
  for (const name of SERVICE_NAMES)
    expect(message).toContain(`${name.toUpperCase().replaceAll('-', '_')}_GRAPH_URL is missing`);
  expect(message).toContain('HTTP_PORT must be a whole number');
});

test('a gateway whose reads are closed answers no query without the token', async () => {
  const closed = { READ_ACCESS: 'token', API_TOKEN: 'secret' };
  const gateway = await startGateway(settings(closed));
  const ask = (query: string, token?: string) =>
    fetch(`http://127.0.0.1:${gateway.httpPort}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
  for (const query of ['{ __typename }', '{ __schema { types { name } } }', 'not a query']) {
    for (const token of [undefined, 'Secret']) {
      const refused = await ask(query, token);
      expect([refused.status, await refused.json()]).toMatchObject([
        401,
        { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
    }
  }
  const answer = await ask('{ __typename }', 'secret');
  expect(await answer.json()).toMatchObject({ data: { __typename: 'Query' } });
  await gateway.close();
});

test('a gateway whose reads are closed without a token that opens them does not start', async () => {
  await expect(startGateway(settings({ READ_ACCESS: 'token' }))).rejects.toThrow(
    'API_TOKEN is missing',
  );
});

test('a gateway that cannot listen closes what it has opened', async () => {
  const other = createServer();
  const port = await listenAnywhere(other);
  const metrics = createServer();
  const metricsPort = await listenAnywhere(metrics);
  await new Promise((resolve) => {
    metrics.close(resolve);
  });
  const taken = settings({ HTTP_PORT: String(port), METRICS_PORT: String(metricsPort) });
  await expect(startGateway(taken)).rejects.toThrow(PortTakenError);
  await expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow('fetch failed');
  other.close();
});
