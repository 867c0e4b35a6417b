import type { Random } from '@deepstyle/vision';
import { integer, oneOf } from './input.ts';

type Four = readonly [number, number, number, number];

/** Addresses that are nobody's business, this machine's own as often as all others. */
function privateFour(random: Random): Four {
  const byte = () => integer(random, 1, 254);
  if (random() < 0.5) return [127, 0, 0, 1];
  return oneOf<Four>(random, [
    [127, byte(), byte(), byte()],
    [10, byte(), byte(), byte()],
    [172, integer(random, 16, 31), byte(), byte()],
    [192, 168, byte(), byte()],
    [169, 254, 169, 254],
    [100, integer(random, 64, 127), byte(), byte()],
    [0, 0, 0, 0],
    [198, 18, byte(), byte()],
    [255, 255, 255, 255],
  ]);
}

const hex = (value: number): string => value.toString(16);
const octal = (value: number): string => `0${value.toString(8)}`;
const whole = ([a, b, c, d]: Four): number => ((a * 256 + b) * 256 + c) * 256 + d;
const pairs = ([a, b, c, d]: Four): string => `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
const dotted = (four: Four): string => four.join('.');
const fullwidth = (text: string): string =>
  text.replaceAll(/[\d.]/g, (each) =>
    each === '.' ? '\u3002' : String.fromCodePoint(0xff10 + Number(each)),
  );
const percent = (text: string): string =>
  text.replaceAll(/\d/g, (each) => `%${hex(each.charCodeAt(0))}`);

/** Ways to write an IPv4 address as the host of a URL. */
const NOTATIONS: readonly ((four: Four) => string)[] = [
  dotted,
  (four) => `${dotted(four)}.`,
  (four) => String(whole(four)),
  (four) => `0x${hex(whole(four)).toUpperCase()}`,
  (four) => octal(whole(four)),
  (four) => four.map(octal).join('.'),
  (four) => four.map((each) => `0x${hex(each)}`).join('.'),
  ([a, b, c, d]) => `${a}.${octal(b)}.0x${hex(c)}.${d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  ([a, b, c, d]) => `${octal(a)}.${(b * 256 + c) * 256 + d}`,
  (four) => fullwidth(dotted(four)),
  (four) => percent(dotted(four)),
  (four) => `[::ffff:${dotted(four)}]`,
  (four) => `[::FFFF:${pairs(four)}]`,
  (four) => `[0:0:0:0:0:ffff:${pairs(four)}]`,
  (four) => `[::${pairs(four)}]`,
  (four) => `[::${dotted(four)}]`,
  (four) => `[::ffff:0:${pairs(four)}]`,
  (four) => `[64:ff9b::${pairs(four)}]`,
  (four) => `[64:ff9b:1::${pairs(four)}]`,
  (four) => `[2002:${pairs(four)}::]`,
  (four) => `[2001:0:${pairs(four)}::]`,
];

const SIXES = [
  '[::1]',
  '[::]',
  '[fe80::1]',
  '[fd00::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[100::1]',
];

/** A host that is no public one, in one of all notations. */
export function privateHost(random: Random): string {
  if (random() < 0.15) return oneOf(random, SIXES);
  return oneOf(random, NOTATIONS)(privateFour(random));
}

/** An address as honest people and programs write it, with the same meaning. */
export function honestSpelling(random: Random, address: string): string {
  const { host, pathname } = new URL(address);
  return oneOf(random, [
    address,
    `HTTP://${host.toUpperCase()}${pathname}`,
    `${address}#look`,
    `http://${host}/a/..${pathname}`,
    `http://${host}/./${pathname.slice(1)}`,
  ]);
}
