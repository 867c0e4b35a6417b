import { expect, test } from '@jest/globals';
import { placeOf, seasonAfter, seasonBefore } from '../src/season-order.ts';

const STORE = ['FW2018', 'SS2019', 'PREFALL2019', 'FW2019', 'RESORT2020', 'SS2020', 'COUTURE2019'];

test.each([
  ['FW2019', 'SS2019'],
  ['SS2019', 'FW2018'],
  ['FW2018', null],
  // The nearest that is there, however long ago.
  ['SS2031', 'SS2020'],
  // A pre-collection is compared with pre-collections, couture with couture.
  ['RESORT2020', 'PREFALL2019'],
  ['PREFALL2019', null],
  ['COUTURE2020', 'COUTURE2019'],
])('the season before %s is %s', (season, before) => {
  expect(seasonBefore(season, STORE)).toBe(before);
});

test.each([
  ['FW2018', 'SS2019'],
  ['SS2019', 'FW2019'],
  ['SS2020', null],
  ['PREFALL2019', 'RESORT2020'],
  ['COUTURE2018', 'COUTURE2019'],
])('the season after %s is %s', (season, after) => {
  expect(seasonAfter(season, STORE)).toBe(after);
});

test('a season is not its own neighbor, and others need not be sorted', () => {
  expect(seasonBefore('SS2020', ['SS2020'])).toBeNull();
  expect(seasonBefore('SS2020', ['FW2019', 'SS2018', 'SS2020'].reverse())).toBe('FW2019');
});

test('ranks rise with time, across kinds and years', () => {
  const inTime = [
    'SS2019',
    'FW2019',
    'RESORT2020',
    'SS2020',
    'PREFALL2020',
    'FW2020',
    'COUTURE2020',
  ];
  const ranks = inTime.map((season) => placeOf(season).rank);
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(ranks).size).toBe(ranks.length);
});

test.each(['', 'XX2019', 'SS19', 'ss2019', 'SS2019 ', '2019'])('"%s" is no season', (season) => {
  expect(() => placeOf(season)).toThrow(`"${season}" is no season`);
});
