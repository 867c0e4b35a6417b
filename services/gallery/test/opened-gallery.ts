import type { EventType, ganTrainerV1, RunReference } from '@deepstyle/contracts';
import { assetPath, createLogger, NotFoundError } from '@deepstyle/platform';
import type { ServiceOutbox } from '@deepstyle/service';
import {
  type Database,
  migrate,
  type ObjectStore,
  openDatabaseServer,
  openObjects,
  type Transaction,
} from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import type { GallerySettings } from '../src/config.ts';
import { createGallery, type Gallery } from '../src/gallery.ts';
import { type DrawnGarment, drawnDesigns, garmentPages } from './drawn-run.ts';

export interface Published {
  readonly type: EventType;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: data of any event type
  readonly data: any;
}

export interface OpenedGallery {
  readonly gallery: Gallery;
  readonly database: Database;
  readonly objects: ObjectStore;
  /** What the cropper knows of each run. */
  readonly cropped: Map<string, { run: RunReference; garments: readonly DrawnGarment[] }>;
  /** Requests that reached the trainer. */
  readonly requests: ganTrainerV1.GenerateDesignsRequest[];
  /** Set one to let a peer or a moment fail; called with what is about to happen. */
  readonly hazard: { strike: (moment: string) => void };
  published(type: EventType): Promise<readonly Published[]>;
  /** Forgets everything, as a new store would. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export const TEST_SETTINGS: GallerySettings = {
  designs: 3,
  candidates: 5,
  minGarments: 30,
  paletteColors: 4,
};

/** The use cases over the embedded stores in a temporary folder; the peers answer in this process. */
export async function openGallery(): Promise<OpenedGallery> {
  const folder = await temporaryFolder('gallery');
  const server = await openDatabaseServer({ dataFolder: folder.path });
  const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
  const opened = await galleryOver(await server.schema('gallery'), store);
  return {
    ...opened,
    close: async () => {
      await store.close();
      await server.close();
      await folder.remove();
    },
  };
}

/** The use cases over given stores. What they publish lands in a table, in their transactions. */
export async function galleryOver(
  database: Database,
  objects: ObjectStore,
): Promise<Omit<OpenedGallery, 'close'>> {
  await migrate(database, assetPath('services/gallery/migrations'));
  await database.transaction('test.table', (tx) =>
    tx.script('CREATE TABLE IF NOT EXISTS published (at serial, type text, id text, data jsonb)'),
  );
  const cropped: OpenedGallery['cropped'] = new Map();
  const requests: ganTrainerV1.GenerateDesignsRequest[] = [];
  const hazard: OpenedGallery['hazard'] = { strike: () => undefined };
  const gallery = createGallery({
    database: struckBefore(database, hazard),
    objects: struckAtDelete(objects, hazard),
    outbox: tableOutbox(),
    settings: TEST_SETTINGS,
    logger: createLogger({ level: 'silent', name: 'gallery' }),
    clock: () => new Date(),
    calls: {
      getDataset: () => Promise.reject(new Error('the gallery asks for no dataset')),
      getActiveDetectorModel: () => Promise.reject(new Error('the gallery detects nothing')),
      async *listGarments({ runId }) {
        const known = cropped.get(runId);
        if (known === undefined) throw new NotFoundError('run with garments', runId);
        for (const page of garmentPages(known.run, known.garments)) {
          hazard.strike('listGarments');
          yield page;
        }
      },
      async *generateDesigns(request) {
        requests.push(request);
        for await (const design of drawnDesigns(objects, request)) {
          hazard.strike('generateDesigns');
          yield design;
        }
      },
    },
  });
  return {
    gallery,
    database,
    objects,
    cropped,
    requests,
    hazard,
    published: (type) =>
      database.transaction('test.published', (tx) =>
        tx.query<Published>('SELECT type, id, data FROM published WHERE type = $1 ORDER BY at', [
          type,
        ]),
      ),
    empty: async () => {
      cropped.clear();
      requests.length = 0;
      hazard.strike = () => undefined;
      await database.transaction('test.empty', (tx) =>
        tx.script('TRUNCATE published, seasons, runs CASCADE; TRUNCATE designs CASCADE'),
      );
      for await (const { key } of objects.list('designs/')) await objects.delete(key);
    },
  };
}

function struckBefore(database: Database, hazard: OpenedGallery['hazard']): Database {
  return {
    schema: database.schema,
    transaction: async (holder, work, options) => {
      hazard.strike(holder);
      const result = await database.transaction(holder, work, options);
      hazard.strike(`after ${holder}`);
      return result;
    },
    check: () => database.check(),
    close: () => database.close(),
  };
}

function struckAtDelete(objects: ObjectStore, hazard: OpenedGallery['hazard']): ObjectStore {
  return {
    put: (...given) => objects.put(...given),
    get: (key) => objects.get(key),
    stream: (...given) => objects.stream(...given),
    head: (key) => objects.head(key),
    list: (prefix) => objects.list(prefix),
    delete: (key) => {
      hazard.strike('delete');
      return objects.delete(key);
    },
    signedUrl: (...given) => objects.signedUrl(...given),
    check: () => objects.check(),
    close: () => objects.close(),
  };
}

function tableOutbox(): ServiceOutbox {
  const write = async (tx: Transaction, type: string, data: object, id?: string): Promise<void> => {
    const row = [type, id ?? '', JSON.stringify(data)];
    await tx.query('INSERT INTO published (type, id, data) VALUES ($1, $2, $3::jsonb)', row);
  };
  return {
    publish: write,
    publishAll: async (tx, type, events) => {
      for (const { data, id } of events) await write(tx, type, data, id);
    },
    enqueue: () => Promise.reject(new Error('the gallery has no jobs')),
  };
}
