import { createHash, randomUUID } from 'node:crypto';
import type { PhotoReference } from '@deepstyle/contracts';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { type RunningService, runService } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { cropper } from '../src/index.ts';
import { runOf } from './opened-ledger.ts';

const STORED = 'deepstyle.photo.stored.v1';
const run = runOf(randomUUID());

let folder: TemporaryFolder;
let service: RunningService;
beforeAll(async () => {
  folder = await temporaryFolder('given-up');
});
afterAll(async () => {
  await service.close();
  await folder.remove();
});

async function photo(index: number): Promise<PhotoReference> {
  const create = {
    width: 90,
    height: 120,
    channels: 3,
    background: { r: 50 * index, g: 60, b: 9 },
  } as const;
  const bytes = await sharp({ create }).jpeg().toBuffer();
  const id = createHash('sha256').update(bytes).digest('hex');
  const image = await service.objects.put(`photos/${id.slice(0, 2)}/${id}`, bytes, 'image/jpeg');
  return { id, image, widthPx: 90, heightPx: 120, brand: 'Aster', category: 'dress' };
}

/** A photograph of the run that this service gave up before it was mended. */
async function giveUpOne(): Promise<void> {
  service = await runService(cropper, {
    dataFolder: folder.path,
    settings: { DEEPSTYLE_ROLE: 'worker' },
  });
  let tellGivenUp = (): void => undefined;
  const givenUp = new Promise<void>((resolve) => {
    tellGivenUp = resolve;
  });
  const subscription = await service.bus.subscribe(
    {
      stream: 'EVENTS',
      durable: 'cropper-photos',
      subjects: [STORED],
      concurrency: 1,
      ackWaitMs: 30_000,
      maxFailures: 8,
    },
    async () => {
      tellGivenUp();
      return { kind: 'dead-letter', reason: 'a bug of the release before' };
    },
  );
  await service.publish(STORED, { run, photo: await photo(1) });
  await givenUp;
  await subscription.close();
  await service.close();
}

const LETTERS = '{ deadLetters(first: 10) { edges { node { id service work cause run } } } }';
const RETRY = `mutation ($id: ID!) {
  retryDeadLetter(input: { id: $id }) { id userErrors { message } }
}`;
const CROPPING = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on Run { cropping { state done expected } } }
}`;

async function cropping() {
  const of = [{ __typename: 'Run', id: `run_${run.id}` }];
  return (await service.graph(CROPPING, { of })).data._entities[0].cropping;
}

const isOf = (type: string) => (event: { readonly type: string }) => event.type === type;

test('a run that stands because a message of it was given up ends when that is retried', async () => {
  await giveUpOne();
  service = await runService(cropper, { dataFolder: folder.path });
  for (const index of [2, 3]) await service.publish(STORED, { run, photo: await photo(index) });
  const completed = { run, photos: 3, duplicates: 0, rejected: 0 };
  await service.publish('deepstyle.scrape.completed.v1', completed);
  const cropped = () => service.eventsOf('deepstyle.garment.cropped.v1').length;
  await service.event(() => cropped() === 2);
  expect(await cropping()).toMatchObject({ state: 'RUNNING', done: 2 });

  const { data } = await service.graph(LETTERS, {}, null);
  const [letter, ...more] = data.deadLetters.edges.map((edge: { node: object }) => edge.node);
  expect(more).toEqual([]);
  expect(letter).toMatchObject({
    service: 'cropper',
    work: 'photos',
    cause: 'a bug of the release before',
    run: `run_${run.id}`,
  });
  const retried = await service.graph(RETRY, { id: letter.id });
  expect(retried.data.retryDeadLetter).toEqual({ id: letter.id, userErrors: [] });

  const { data: ready } = await service.event(isOf('deepstyle.garments.ready.v1'));
  expect(ready).toMatchObject({ run, photos: 3, failedPhotos: 0, garments: 3 });
  expect(await cropping()).toEqual({ state: 'DONE', done: 3, expected: 3 });
  expect((await service.graph(LETTERS)).data.deadLetters.edges).toEqual([]);
});
