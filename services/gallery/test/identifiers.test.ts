import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { collectionIdOf, designIdOf, latentSeedOf, trendBatchIdOf } from '../src/identifiers.ts';

const RUN = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

test('the id of a design never changes its meaning: model, decoder version, latent as float32', () => {
  const latent = Buffer.from('0000803f000000c0', 'hex');
  const expected = createHash('sha256')
    .update(Buffer.concat([Buffer.from('design\ngan-1\ndcgan64/1\n'), latent]))
    .digest('hex');
  expect(designIdOf('gan-1', 'dcgan64/1', [1, -2])).toBe(expected);
  expect(designIdOf('gan-1', 'dcgan64/2', [1, -2])).not.toBe(expected);
  expect(designIdOf('gan-2', 'dcgan64/1', [1, -2])).not.toBe(expected);
  expect(designIdOf('gan-1', 'dcgan64/1', [1, -2.5])).not.toBe(expected);
});

test('ids of collections and batches tell everything apart that they are made of', () => {
  const ids = [
    collectionIdOf(RUN, 'gan-1'),
    collectionIdOf(RUN, 'gan-2'),
    trendBatchIdOf({ id: RUN }, 'SS2026', null, false),
    trendBatchIdOf({ id: RUN }, 'SS2026', null, true),
    trendBatchIdOf({ id: RUN }, 'SS2026', 'null', true),
    trendBatchIdOf({ id: RUN }, 'FW2026', null, true),
    trendBatchIdOf({ id: RUN, retries: 1 }, 'SS2026', null, true),
    trendBatchIdOf({ id: RUN, retries: 2 }, 'SS2026', null, true),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(trendBatchIdOf({ id: RUN, retries: 0 }, 'SS2026', null, false)).toBe(ids[2]);
});

test('the seed of a run is a whole number that gRPC carries exactly', () => {
  expect(Number.isSafeInteger(latentSeedOf(RUN))).toBe(true);
  expect(latentSeedOf(RUN)).toBe(latentSeedOf(RUN));
  expect(latentSeedOf(RUN)).not.toBe(latentSeedOf('another run'));
});
