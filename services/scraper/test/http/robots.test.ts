import { describe, expect, test } from '@jest/globals';
import { optsOut, requireAllowed, robotsRules } from '../../src/http/robots.ts';

const ROBOTS = new URL('http://site.test/robots.txt');
const AGENT = 'DeepStyle/1.0 (+https://example.org)';

function allowed(body: string, path: string): boolean {
  return robotsRules(ROBOTS, 200, body, AGENT)(new URL(path, ROBOTS)).allowed;
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

  test('4xx allows everything, 5xx forbids everything', () => {
    const url = new URL('/a', ROBOTS);
    expect(robotsRules(ROBOTS, 404, '', AGENT)(url).allowed).toBe(true);
    expect(robotsRules(ROBOTS, 401, '', AGENT)(url).allowed).toBe(true);
    expect(robotsRules(ROBOTS, 503, '', AGENT)(url).allowed).toBe(false);
  });

  test('the crawl delay is told in ms', () => {
    const rules = robotsRules(ROBOTS, 200, 'User-agent: *\nCrawl-delay: 1.5\n', AGENT);
    expect(rules(new URL('/a', ROBOTS)).crawlDelayMs).toBe(1500);
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
