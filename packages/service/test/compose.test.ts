import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { createLogger, PortTakenError, SettingsError } from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { compose, PeerAddressMissingError, type Service } from '../src/index.ts';
import { madeService } from './made-service.ts';

const lines: string[] = [];
const logger = createLogger({ level: 'debug', name: 'test', write: (line) => lines.push(line) });
let folder: TemporaryFolder;
let busy: Server;

beforeAll(async () => {
  busy = createServer();
  await new Promise<void>((resolve) => {
    busy.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  busy.close();
});
beforeEach(async () => {
  lines.length = 0;
  folder = await temporaryFolder('compose');
});
afterEach(() => folder.remove());

const composed = (services: readonly Service[], settings: Record<string, string> = {}) =>
  compose({ services, logger, environment: { DEEPSTYLE_DATA: folder.path, ...settings } });

/** The steps of a shutdown, in order. */
const closedSteps = (): readonly string[] =>
  lines
    .map((line) => JSON.parse(line) as { readonly msg: string; readonly step: string })
    .filter(({ msg }) => msg === 'closed')
    .map(({ step }) => step);

test('closing goes from readiness to the stores', async () => {
  const composition = await composed([madeService().service]);
  await composition.close();
  expect(closedSteps()).toEqual([
    'readiness',
    'stop signal',
    'cropper job cropper-work',
    'cropper consumer photos',
    'cropper gauges',
    'events gauges',
    'idle watch',
    'reconciliation',
    'gRPC server',
    'cropper outbox',
    'cropper use cases',
    'gRPC clients',
    'bus',
    'objects',
    'database',
  ]);
});

test('a step that fails closes what was opened before it, so that another start finds it free', async () => {
  const { service, told } = madeService();
  const taken = { GRPC_PORT: String((busy.address() as AddressInfo).port) };
  await expect(composed([service], taken)).rejects.toThrow(PortTakenError);
  expect(told).toEqual(['created', 'closed']);
  expect(closedSteps()).toEqual([
    'cropper outbox',
    'cropper use cases',
    'gRPC clients',
    'bus',
    'objects',
    'database',
  ]);
  // The embedded database lets one process in at a time.
  await (await composed([service])).close();
});

test('wrong settings of the process, of peers and of services are named at once, and nothing is opened', async () => {
  const started = composed([madeService().service], {
    DEEPSTYLE_ROLE: 'cook',
    HTTP_PORT: 'web',
    MADE_CONCURRENCY: '0',
  });
  await expect(started).rejects.toThrow(SettingsError);
  const message = await started.catch((error: Error) => error.message);
  for (const variable of ['DEEPSTYLE_ROLE', 'HTTP_PORT', 'MADE_CONCURRENCY'])
    expect(message).toContain(variable);
  expect(lines).toEqual([]);
});

test('a service of this process is called without an address', async () => {
  const gallery = madeService('gallery');
  const composition = await composed([gallery.service, madeService('cropper').service]);
  expect(await gallery.listGarments('3')).toBe(3);
  await composition.close();
});

test('a call to a service that is nowhere names the setting that leads to it', async () => {
  const gallery = madeService('gallery');
  const composition = await composed([gallery.service]);
  const called = gallery.listGarments('3');
  await expect(called).rejects.toThrow(PeerAddressMissingError);
  await expect(called).rejects.toThrow('CROPPER_GRPC_ADDRESS');
  await composition.close();
});

test('two compositions run in one process, and one outlives the other', async () => {
  await using other = await temporaryFolder('compose');
  const first = await composed([madeService().service]);
  const gallery = madeService('gallery');
  const second = await composed([gallery.service, madeService('cropper').service], {
    DEEPSTYLE_DATA: other.path,
  });
  expect(first.grpcPort).not.toBe(second.grpcPort);
  await first.close();
  expect(await gallery.listGarments('2')).toBe(2);
  await second.close();
});
