import { readSettings } from '@deepstyle/platform';
import { expect, test } from '@jest/globals';
import { PEER_SETTINGS } from '../src/peers.ts';
import { PROCESS_SETTINGS } from '../src/process-settings.ts';

test('with an empty environment everything is embedded and listens on loopback only', () => {
  const settings = readSettings(PROCESS_SETTINGS, {});
  expect([settings.databaseUrl, settings.natsUrl, settings.s3Endpoint]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([settings.httpHost, settings.grpcHost]).toEqual(['127.0.0.1', '127.0.0.1']);
});

test('what grants access is marked as a secret', () => {
  const secrets = Object.entries(PROCESS_SETTINGS).flatMap(([name, { secret }]) =>
    secret ? [name] : [],
  );
  expect(secrets.sort()).toEqual([
    'apiToken',
    'databaseUrl',
    'natsUrl',
    'otlpHeaders',
    's3AccessKey',
    's3SecretKey',
    'serviceTokens',
  ]);
});

test('a peer has an address of its own name', () => {
  expect(
    readSettings(PEER_SETTINGS, { GAN_TRAINER_GRPC_ADDRESS: 'gan:50051' })['gan-trainer'],
  ).toBe('gan:50051');
});
