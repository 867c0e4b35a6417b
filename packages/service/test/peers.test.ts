import { readSettings } from '@deepstyle/platform';
import { expect, test } from '@jest/globals';
import { PeerAddressMissingError } from '../src/index.ts';
import { createPeers, PEER_SETTINGS } from '../src/peers.ts';

const NO_ADDRESSES = readSettings(PEER_SETTINGS, {});
const CROPPER_AWAY = readSettings(PEER_SETTINGS, { CROPPER_GRPC_ADDRESS: 'cropper:50051' });

test('a service of this process answers where the process listens', () => {
  const peers = createPeers(['cropper'], NO_ADDRESSES);
  peers.listeningAt('127.0.0.1:4001');
  expect(peers.addressOf('cropper')).toBe('127.0.0.1:4001');
});

test('an address that is set comes before the own process', () => {
  const peers = createPeers(['cropper'], CROPPER_AWAY);
  peers.listeningAt('127.0.0.1:4001');
  expect(peers.addressOf('cropper')).toBe('cropper:50051');
});

test('a service of neither is missing, and the setting that leads to it is named', () => {
  const peers = createPeers(['cropper'], CROPPER_AWAY);
  expect(() => peers.addressOf('gan-trainer')).toThrow(PeerAddressMissingError);
  expect(() => peers.addressOf('gan-trainer')).toThrow('GAN_TRAINER_GRPC_ADDRESS');
});

test('no service of this process can be called before it listens', () => {
  const peers = createPeers(['cropper'], NO_ADDRESSES);
  expect(() => peers.addressOf('cropper')).toThrow(PeerAddressMissingError);
});
