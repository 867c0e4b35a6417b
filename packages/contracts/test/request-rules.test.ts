import { expect, test } from '@jest/globals';
import { eventSchema } from '../src/index.ts';
import { CONTENT_ID, SEASON } from '../src/request-rules.ts';

test('what may be asked for is what events can carry', () => {
  const schema = JSON.stringify(eventSchema('deepstyle.detector.trained.v1'));
  expect(schema).toContain(`"pattern":${JSON.stringify(CONTENT_ID.source)}`);
  expect(JSON.stringify(eventSchema('deepstyle.scrape.completed.v1'))).toContain(
    `"pattern":${JSON.stringify(SEASON.source)}`,
  );
});

test.each(['FW2019', 'SS2026', 'RESORT2020', 'PREFALL2021', 'COUTURE2022'])(
  '%s is a season',
  (name) => {
    expect(SEASON.test(name)).toBe(true);
  },
);

test.each(['FW19', 'fw2019', 'FW2019 ', 'AW2019', ''])('"%s" is none', (name) => {
  expect(SEASON.test(name)).toBe(false);
});
