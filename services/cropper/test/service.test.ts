import { createHash, randomUUID } from 'node:crypto';
import { cropperV1, type PhotoReference } from '@deepstyle/contracts';
import { type RunningService, runService } from '@deepstyle/testkit/services';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { cropper } from '../src/index.ts';
import { runOf } from './opened-ledger.ts';

const NOT_FOUND = 5;
const PHOTOS = 12;

let service: RunningService;
let client: cropperV1.CropperServiceClient;
let photos: readonly PhotoReference[];
const run = runOf(randomUUID());

/** A run with repetitions, its end in the middle, and one file that is no photograph. */
beforeAll(async () => {
  service = await runService(cropper);
  client = new cropperV1.CropperServiceClient(service.grpcAddress, credentials.createInsecure());
  photos = await Promise.all(Array.from({ length: PHOTOS }, (_, index) => drawnPhoto(index)));
  const facts = { widthPx: 90, heightPx: 120, brand: null, category: 'hat' };
  const broken = await store(Buffer.from('no photograph'), facts);
  for (const photo of photos.slice(0, 6))
    await service.publish('deepstyle.photo.stored.v1', { run, photo });
  const completed = { run, photos: PHOTOS + 1, duplicates: 0, rejected: 0 };
  await service.publish('deepstyle.scrape.completed.v1', completed);
  for (const photo of [broken, ...photos.slice(4), ...photos.slice(4)])
    await service.publish('deepstyle.photo.stored.v1', { run, photo });
  await service.publish('deepstyle.scrape.completed.v1', completed);
  await service.event(({ type }) => type === 'deepstyle.garments.ready.v1');
});
afterAll(async () => {
  client.close();
  await service.close();
});

/** Stores a photograph as the scraper does. */
async function store(
  bytes: Uint8Array,
  facts: Omit<PhotoReference, 'id' | 'image'>,
): Promise<PhotoReference> {
  const id = createHash('sha256').update(bytes).digest('hex');
  const key = `photos/${id.slice(0, 2)}/${id}`;
  return { id, image: await service.objects.put(key, bytes, 'image/jpeg'), ...facts };
}

async function listGarments(runId: string): Promise<cropperV1.ListGarmentsResponse[]> {
  const pages: cropperV1.ListGarmentsResponse[] = [];
  for await (const page of client.listGarments({ runId })) pages.push(page);
  return pages;
}

async function drawnPhoto(index: number): Promise<PhotoReference> {
  const background = { r: 20 * index, g: 60, b: 120 };
  const create = { width: 90, height: 120, channels: 3, background } as const;
  const category = index % 2 === 0 ? 'dress' : 'skirt';
  const bytes = await sharp({ create }).jpeg().toBuffer();
  return store(bytes, { widthPx: 90, heightPx: 120, brand: 'Aster', category });
}

const ofType = (type: string) => service.events.filter((event) => event.type === type);

describe('a run', () => {
  test('ends with one garments.ready that counts every photograph once', () => {
    expect(ofType('deepstyle.garments.ready.v1')).toMatchObject([
      { data: { run, photos: PHOTOS + 1, failedPhotos: 1, garments: PHOTOS } },
    ]);
    expect(ofType('deepstyle.garment.cropped.v1')).toHaveLength(PHOTOS);
    expect(ofType('deepstyle.photo.failed.v1')).toMatchObject([{ data: { stage: 'crop' } }]);
  });

  test('lists its garments over gRPC, by id', async () => {
    const pages = await listGarments(run.id);
    const garments = pages.flatMap((page) => page.garments);
    const ids = garments.map(({ id }) => id);
    expect(ids).toHaveLength(PHOTOS);
    expect(ids).toEqual(ids.toSorted());
    expect(garments[0]).toMatchObject({ season: 'SS2026', brand: 'Aster', widthPx: 90 });
    expect(garments[0]?.createdAt).toBeInstanceOf(Date);
    expect(garments[0]?.palette[0]?.share).toBeGreaterThan(0);
  });

  test('that is unknown is NOT_FOUND, not empty', async () => {
    await expect(listGarments(randomUUID())).rejects.toMatchObject({ code: NOT_FOUND });
  });

  test('stands in the graph with its stage, its garments and their photographs', async () => {
    const { data } = await service.graph(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Run {
           garmentCount
           cropping { state done failed expected stalled }
           garments(first: 5) {
             pageInfo { hasNextPage }
             edges { node { id category categoryType detector box score photo { id garments { id } }
               palette { hex share } image { url(width: 128) width height dominantColor } } }
           }
         }
       } }`,
      { representations: [{ __typename: 'Run', id: `run_${run.id}` }] },
    );
    const [found] = data._entities;
    expect(found.garmentCount).toBe(PHOTOS);
    expect(found.cropping).toEqual({
      state: 'DONE',
      done: PHOTOS,
      failed: 1,
      expected: PHOTOS + 1,
      stalled: false,
    });
    expect(found.garments.pageInfo.hasNextPage).toBe(true);
    const { node } = found.garments.edges[0];
    expect(node).toMatchObject({ detector: 'none', box: [0, 0, 90, 120], score: null });
    expect(node.categoryType).toBe(node.category === 'dress' ? 'FULL' : 'LOWER');
    expect(node.photo.garments).toEqual([{ id: node.id }]);
    expect(node.image.url).toMatch(/^\/images\/photos\/[0-9a-f]{2}\/[0-9a-f]{64}\?w=128&f=webp$/);
    expect(node.palette[0].hex).toBe(node.image.dominantColor);
  });

  test('that nobody has heard of waits, with nothing', async () => {
    const { data } = await service.graph(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Run { garmentCount cropping { state } garments(first: 5) { edges { cursor } } }
       } }`,
      { representations: [{ __typename: 'Run', id: `run_${randomUUID()}` }] },
    );
    expect(data._entities).toEqual([
      { garmentCount: 0, cropping: { state: 'WAITING' }, garments: { edges: [] } },
    ]);
  });

  test('has garments that are found by their global id, and none by another', async () => {
    const [garment] = (await listGarments(run.id)).flatMap((page) => page.garments);
    const query = 'query ($id: ID!) { garment(id: $id) { category } }';
    const found = await service.graph(query, { id: `garment_${garment?.id}` });
    expect(found.data.garment).toEqual({ category: garment?.category });
    const missing = await service.graph(query, { id: `garment_${'0'.repeat(64)}` });
    expect(missing.data.garment).toBeNull();
  });
});
