import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { optsOut, productToken, requireAllowed, robotsRules } from '../../src/http/robots.ts';
import { allows, parseRobots } from '../../src/http/robots-group.ts';

const ROBOTS = new URL('http://site.test/robots.txt');
const AGENT = 'DeepStyle/1.0 (+https://example.org)';

function group(body: string) {
  return parseRobots({ body: Buffer.from(body), token: productToken(AGENT) });
}
function allowed(body: string, path: string): boolean {
  return allows(group(body), new URL(path, ROBOTS));
}
async function verdict(status: number, body: string) {
  return (await robotsRules(status, async () => group(body)))(new URL('/a', ROBOTS));
}

describe('robots.txt', () => {
  test('the longest rule decides, and allow wins a tie', () => {
    const body = 'User-agent: *\nDisallow: /private/\nAllow: /private/open/\n';
    expect(allowed(body, '/private/1.jpg')).toBe(false);
    expect(allowed(body, '/private/open/1.jpg')).toBe(true);
    expect(allowed(body, '/shows/1.jpg')).toBe(true);
  });

  test('a group for our token goes before the one for all', () => {
    const body = 'User-agent: *\nDisallow: /\n\nUser-agent: deepstyle\nDisallow: /x/\n';
    expect(allowed(body, '/shows/')).toBe(true);
    expect(allowed(body, '/x/')).toBe(false);
  });

  test('wildcards and end marks', () => {
    const body = 'User-agent: *\nDisallow: /*.png$\n';
    expect(allowed(body, '/a/b.png')).toBe(false);
    expect(allowed(body, '/a/b.png?x=1')).toBe(true);
  });

  test('groups that name the same robot are one, whoever else they name', () => {
    const body = `User-agent: other\nUser-agent: DeepStyle/2.0\nDisallow: /x/\n\nUser-agent: *\nDisallow: /\n
      User-agent: deepstyle\nSitemap: http://site.test/map\nUser-agent: third\nDisallow: /y/ # not these\n`;
    expect(['/x/', '/y/', '/z/'].map((path) => allowed(body, path))).toEqual([false, false, true]);
  });

  test('a robot that is named without a rule is one of all', () => {
    expect(allowed('User-agent: deepstyle\n\nUser-agent: *\nDisallow: /', '/a')).toBe(false);
    expect(allowed('User-agent: *\nDisallow: /\nUser-agent: deepstyle\n', '/a')).toBe(false);
    expect(allowed('User-agent: deepstyle\nDisallow:\nUser-agent: *\nDisallow: /', '/a')).toBe(
      true,
    );
  });

  test('escapes are compared as escapes', () => {
    expect(allowed('User-agent: *\nDisallow: /ä/\nDisallow: /%c3%b6/', '/%C3%A4/1')).toBe(false);
    expect(allowed('User-agent: *\nDisallow: /ä/\nDisallow: /%c3%b6/', '/ö/1')).toBe(false);
  });

  test('patterns match what the same regular expressions match', () => {
    const text = (unit: string) => fc.stringMatching(new RegExp(`^[${unit}]{0,8}$`));
    fc.assert(
      fc.property(text('ab*'), fc.boolean(), text('ab'), (pattern, isWhole, path) => {
        const rule = `/${pattern}${isWhole ? '$' : ''}`;
        const same = new RegExp(`^/${pattern.replaceAll('*', '.*')}${isWhole ? '$' : ''}`);
        expect(allowed(`User-agent: *\nDisallow: ${rule}`, `/${path}`)).toBe(
          !same.test(`/${path}`),
        );
      }),
    );
  });

  test('of as many robots as rules holds the rules of one', () => {
    const count = 2000;
    const lines = (line: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => line(n)).join('\n');
    const body = `${lines((n) => `User-agent: r${n}`)}\nUser-agent: *\n${lines((n) => `Disallow: /${n}/`)}`;
    expect(group(body).patterns).toHaveLength(count);
    expect(group(body.replace('User-agent: *\n', '')).patterns).toHaveLength(0);
  });

  test('with more wildcards than can be looked for at every address forbids everything', async () => {
    const body = `User-agent: *\n${'Disallow: /*x\n'.repeat(2001)}`;
    expect((await verdict(200, body)).allowed).toBe(false);
  });

  test.each([
    ['few rules with many wildcards each', `Disallow: /${'*a'.repeat(118)}b\n`.repeat(17)],
    ['many rules with few wildcards each', 'Disallow: /*a*b*c\n'.repeat(667)],
  ])('of %s counts them all', (_, rules) => {
    expect(() => group(`User-agent: *\n${rules}`)).toThrow('more than 2000 wildcards');
  });

  test('with a thousand rules of two wildcards is kept to', () => {
    const rules = Array.from({ length: 1000 }, (_, n) => `Disallow: /*/no${n}*.gif$\n`).join('');
    const body = `User-agent: *\n${rules}`;
    expect(['/a/no7x.gif', '/a/7.gif'].map((path) => allowed(body, path))).toEqual([false, true]);
  });

  test('wildcards in a row are one', () => {
    const { patterns, wildcards } = group(`User-agent: *\nDisallow: /${'*'.repeat(5000)}x`);
    expect({ patterns, wildcards }).toEqual({ patterns: ['/*x'], wildcards: 1 });
  });

  test('an address is not searched for many wildcards where it is long', () => {
    const body = `User-agent: *\n${'Disallow: /*x\n'.repeat(2000)}`;
    expect(allowed(body, `/${'a'.repeat(150)}`)).toBe(true);
    expect(() => allowed(body, `/${'a'.repeat(4000)}`)).toThrow('too long to be compared');
    expect(allowed('User-agent: *\nDisallow: /*x\n', `/${'a'.repeat(4000)}`)).toBe(true);
  });

  test('4xx allows everything, 5xx forbids everything', async () => {
    expect((await verdict(404, '')).allowed).toBe(true);
    expect((await verdict(401, '')).allowed).toBe(true);
    expect((await verdict(503, '')).allowed).toBe(false);
  });

  test('one that is not served loses the photographs, one that forbids them does not', async () => {
    for (const [status, isLost] of [
      [503, true],
      [200, false],
    ] as const) {
      const told = await verdict(status, 'User-agent: *\nDisallow: /\n');
      expect(() => requireAllowed(new URL('/a', ROBOTS), told)).toThrow(
        expect.objectContaining({ rejection: 'ROBOTS_DISALLOWED', isLost }),
      );
    }
  });

  test('the crawl delay is told in ms', async () => {
    expect((await verdict(200, 'User-agent: *\nCrawl-delay: 1.5\n')).crawlDelayMs).toBe(1500);
  });

  test('a delay of more than a minute is taken as a refusal', () => {
    const url = new URL('/a', ROBOTS);
    expect(() => requireAllowed(url, { allowed: true, crawlDelayMs: 60_000 })).not.toThrow();
    expect(() => requireAllowed(url, { allowed: true, crawlDelayMs: 61_000 })).toThrow('61 s');
  });
});

describe('optsOut', () => {
  test.each([
    ['noai'],
    ['NoImageAI'],
    ['noarchive, noindex'],
    ['none'],
    ['deepstyle: noindex'],
    ['max-snippet: 5, noimageindex'],
    ['unavailable_after: 25 Jun 2030 15:00:00 PST, noai'],
  ])('%s is meant for us', (value) => {
    expect(optsOut([value], AGENT)).toBe(true);
  });

  test.each([['nofollow'], ['googlebot: noindex'], ['all'], [''], ['max-image-preview: large']])(
    '%s is not',
    (value) => {
      expect(optsOut([value], AGENT)).toBe(false);
    },
  );
});
