import { describe, expect, test } from '@jest/globals';
import { createAddressGuard, isPublic } from '../../src/http/address-guard.ts';

/** First and last addresses of what IANA's registries of special-purpose addresses and of the IPv6 space set apart. */
const SET_APART = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
  ['::', '::ffff:ffff'],
  ['::1:0:0', '::fffe:ffff:ffff'],
  ['::ffff:0:0', '::ffff:0:ffff'],
  ['::ffff:0:0:0', '::ffff:0:ffff:ffff'],
  ['64:ff9b::', '64:ff9b::ffff:ffff'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['100::', '100::ffff:ffff:ffff:ffff'],
  ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['200::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6000::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

/** Ways to write private addresses that an address in a URL, or a resolver, might come in. */
const NOTATIONS = [
  '169.254.169.254',
  '::7f00:1',
  '::127.0.0.1',
  '0:0:0:0:0:0:7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a00:1',
  '::FFFF:10.0.0.1',
  '::ffff:0:10.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  'fe80::1%eth0',
  'fe80::1%25eth0',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '[::1]',
  'localhost',
  '1.1.1.1.',
  '10.1.1',
  '',
];

test.each(SET_APART.flat())('%s is set apart and not public', (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(NOTATIONS)('"%s" is not public', (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each([
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '93.184.216.34',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.17.255.255',
  '223.255.255.255',
  '2001:200::1',
  '2606:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:1.1.1.1',
])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});

describe('a guard', () => {
  test('lets a named host be private, and no other of the same address', () => {
    const guard = createAddressGuard(['Pictures.internal']);
    expect(guard.permits('pictures.internal', '10.0.0.7')).toBe(true);
    expect(guard.permits('other.internal', '10.0.0.7')).toBe(false);
  });

  test('a named address is permitted under any name', () => {
    const guard = createAddressGuard(['127.0.0.1', '[::1]']);
    expect(guard.permits('localhost', '127.0.0.1')).toBe(true);
    expect(guard.permits('[::1]', '::1')).toBe(true);
    expect(guard.permits('localhost', '127.0.0.2')).toBe(false);
  });
});
