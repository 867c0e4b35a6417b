import { describe, expect, test } from '@jest/globals';
import { createAddressGuard, isPublic } from '../../src/http/address-guard.ts';

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2001:db8::1',
  'localhost',
  '',
])('%s is not public', (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1'])(
  '%s is public',
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

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
