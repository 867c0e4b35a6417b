import { readSettings, SettingsError } from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeAccess, refuseClosedReads } from '../src/access.ts';
import { SERVICE_TOKEN_HEADER, startService } from '../src/index.ts';
import { PROCESS_SETTINGS } from '../src/process-settings.ts';
import { madeService } from './made-service.ts';

const read = (environment: Record<string, string>) => readSettings(PROCESS_SETTINGS, environment);
const REACHED = { HTTP_HOST: '0.0.0.0', GRPC_HOST: '0.0.0.0' };

describe('what is open to whom, in one line', () => {
  test.each([
    [
      'embedded' as const,
      { API_TOKEN: 'a' },
      'The graph is open to this machine: reading without a token, changing with API_TOKEN. ' +
        'Calls between services are open to this machine, without a token.',
    ],
    [
      'service' as const,
      { ...REACHED, SERVICE_TOKEN: 's', API_TOKEN: 'a' },
      'The graph is open to whoever reaches 0.0.0.0: reading with SERVICE_TOKEN, changing with API_TOKEN. ' +
        'Calls between services are open to whoever reaches 0.0.0.0, with SERVICE_TOKEN.',
    ],
    [
      'service' as const,
      { ...REACHED, SERVICE_TOKEN: 's', SERVICE_CALLS: 'open' },
      'The graph is open to whoever reaches 0.0.0.0: reading without a token, changing by nobody, as there is no API_TOKEN. ' +
        'Calls between services are open to whoever reaches 0.0.0.0, without a token.',
    ],
    [
      'gateway' as const,
      { ...REACHED, READ_ACCESS: 'token', API_TOKEN: 'a' },
      'The graph is open to whoever reaches 0.0.0.0: reading with API_TOKEN, changing with API_TOKEN.',
    ],
  ])('%s: %j', (shape, environment, line) => {
    expect(describeAccess(read(environment), shape)).toBe(line);
  });
});

test('reads that nobody could make are a wrong setting', () => {
  const closed = { READ_ACCESS: 'token' };
  expect(() => refuseClosedReads(read(closed))).toThrow(SettingsError);
  expect(() => refuseClosedReads(read({ ...closed, API_TOKEN: 'a' }))).not.toThrow();
});

test.each(['API_TOKEN', 'SERVICE_TOKEN'])('an empty file for %s is no start without it', (name) => {
  expect(() => read({ [`${name}_FILE`]: '/dev/null' })).toThrow(`${name}_FILE cannot be used`);
});

test('a token that no header can carry is refused, and not repeated', () => {
  const reading = () => read({ SERVICE_TOKEN: 'fine,gehe\u0000im' });
  expect(reading).toThrow('SERVICE_TOKEN must be printable ASCII');
  expect(reading).not.toThrow('im');
});

describe('a service as a process of its own', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('access');
  });
  afterEach(() => folder.remove());

  const start = (settings: Record<string, string>) =>
    startService(madeService().service, {
      DEEPSTYLE_DATA: folder.path,
      HTTP_PORT: '0',
      LOG_LEVEL: 'silent',
      ...settings,
    });

  test.each(Object.entries(REACHED))(
    'does not start open to the network without having been told to: %s=%s',
    async (name, host) => {
      const started = start({ [name]: host });
      await expect(started).rejects.toThrow(SettingsError);
      await expect(started).rejects.toThrow('SERVICE_CALLS=open');
    },
  );

  test('starts open to the network where it is told to', async () => {
    const running = await start({ ...REACHED, SERVICE_CALLS: 'open' });
    await running.close();
  });

  test('answers its subgraph to who shows the service token', async () => {
    const running = await start({ SERVICE_TOKEN: 'new,old' });
    const ask = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${running.httpPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
    const without = [{}, { [SERVICE_TOKEN_HEADER]: 'older' }, { authorization: 'Bearer new' }];
    for (const headers of without) {
      const refused = await ask(headers);
      expect([refused.status, await refused.text()]).toEqual([401, 'Unauthorized.']);
    }
    for (const token of ['new', 'old']) {
      const answer = await ask({ [SERVICE_TOKEN_HEADER]: token });
      expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
    }
    const probe = await fetch(`http://127.0.0.1:${running.httpPort}/readyz`);
    expect(probe.status).toBe(200);
    await running.close();
  });

  test('calls itself with the token that it wants of others', async () => {
    const { service, listGarments } = madeService();
    const environment = { DEEPSTYLE_DATA: folder.path, HTTP_PORT: '0', LOG_LEVEL: 'silent' };
    const running = await startService(service, { ...environment, SERVICE_TOKEN: 'only' });
    expect(await listGarments('2')).toBe(2);
    await running.close();
  });
});
