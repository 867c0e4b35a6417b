import { expect, test } from '@jest/globals';
import { editedSources } from './edited-sources.ts';
import { shorterPauses } from './shorter-pauses.ts';

test('each pause stands in the present sources, and is divided', () => {
  const edited = [...editedSources('shorter pauses', shorterPauses(10))];
  const textOf = (file: string) => edited.find(([path]) => path.endsWith(file))?.[1];
  expect(textOf('events/settle.ts')).toContain('60_000].map((ms) => ms / 10)');
  expect(textOf('bus/retry-delay.ts')).toContain('2 ** (attempt - 1)) / 10;');
  expect(textOf('bus/message.ts')).toContain('= 120_000 / 10;');
});
