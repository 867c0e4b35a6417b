import { readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { expect, test } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { isPublic } from '../../src/http/address-guard.ts';

type Block = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const values = readFileSync(assetPath('charts/deepstyle/values.yaml'), 'utf8');

/** A list of the chart's values. */
function listed(name: string): readonly Block[] {
  const [, items = ''] = new RegExp(`^ +${name}:\\n((?: +- .*\\n)+)`, 'm').exec(values) ?? [];
  return [...items.matchAll(/- "?([^"\n]+)/g)].map(([, block = '']) => ipaddr.parseCIDR(block));
}

/** What the guard's library sets apart, of the family of an address. */
function setApart(address: string): readonly Block[] {
  const { SpecialRanges } = ipaddr.parse(address) as unknown as {
    SpecialRanges: Readonly<Record<string, Block | readonly Block[]>>;
  };
  return Object.values(SpecialRanges).flatMap((range) =>
    Array.isArray(range[0]) ? (range as readonly Block[]) : [range as Block],
  );
}

const isWithin = (inner: Block, outer: Block): boolean =>
  inner[1] >= outer[1] && inner[0].match(outer[0] as never, outer[1]);

// Whatever is not of it is none of what IANA has given out.
const NOT_GLOBAL = ['::/3', '4000::/2', '8000::/1'].map((block) => ipaddr.parseCIDR(block));

test.each([
  ['except', setApart('9.9.9.9')],
  ['exceptIpv6', [...setApart('2620:fe::fe'), ...NOT_GLOBAL]],
])('what the chart keeps the scraper from (%s) is what its own guard refuses', (name, guarded) => {
  const excepted = listed(name);
  expect(excepted.length).toBeGreaterThan(7);
  const missing = guarded.filter((one) => !excepted.some((block) => isWithin(one, block)));
  const beyond = excepted.filter((one) => !guarded.some((block) => isWithin(one, block)));
  expect([missing, beyond].map((blocks) => blocks.map(String))).toEqual([[], []]);
  for (const [address] of [...excepted, ...guarded]) expect(isPublic(String(address))).toBe(false);
});
