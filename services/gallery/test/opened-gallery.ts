import type { Database, ObjectStore } from '@deepstyle/storage';
import { openPorts, type Published, portsOver } from '@deepstyle/testkit/services';
import { GALLERY_SETTINGS } from '../src/config.ts';
import { createGallery } from '../src/gallery.ts';
import { drawnPeers } from './peers.ts';

const GALLERY = {
  name: 'gallery',
  settings: GALLERY_SETTINGS,
  environment: {
    GALLERY_DESIGNS: '3',
    GALLERY_CANDIDATES: '5',
    GALLERY_MIN_GARMENTS: '30',
    GALLERY_PALETTE_COLORS: '4',
  },
} as const;

interface Hazard {
  strike: (moment: string) => void | Promise<void>;
}

export type OpenedGallery = Awaited<ReturnType<typeof openGallery>>;

/** The use cases over the embedded stores in a temporary folder; the peers answer in this process. */
export async function openGallery() {
  const { ports, close } = await openPorts(GALLERY);
  return { ...(await galleryOver(ports.database, ports.objects)), close };
}

/** The use cases over given stores. */
export async function galleryOver(database: Database, objects: ObjectStore) {
  /** Set its `strike` to let a peer or a moment fail, or something happen just before; called with what is about to happen. */
  const hazard: Hazard = { strike: () => undefined };
  const { cropped, requests, ...peers } = drawnPeers(() => objects);
  const { ports, published } = await portsOver(database, objects, {
    ...GALLERY,
    calls: {
      listGarments: struckBetween('listGarments', peers.listGarments, hazard),
      generateDesigns: struckBetween('generateDesigns', peers.generateDesigns, hazard),
    },
  });
  return {
    gallery: createGallery({
      ...ports,
      database: struckBefore(database, hazard),
      objects: struckAtDelete(objects, hazard),
    }),
    settings: ports.settings,
    database,
    objects,
    cropped,
    requests,
    hazard,
    published: async (type: Published['type']) =>
      (await published()).filter((one) => one.type === type),
    /** Forgets everything, as a new store would. */
    empty: async () => {
      cropped.clear();
      requests.length = 0;
      hazard.strike = () => undefined;
      await database.transaction('test.empty', (tx) =>
        tx.script(
          'TRUNCATE published, seasons, run_changes, runs CASCADE; TRUNCATE designs CASCADE',
        ),
      );
      for await (const { key } of objects.list('designs/')) await objects.delete(key);
    },
  };
}

/** A peer that may fail before each of its answers. */
function struckBetween<Request, Answer>(
  moment: string,
  call: (request: Request) => AsyncIterable<Answer>,
  hazard: Hazard,
) {
  return async function* (request: Request) {
    for await (const answer of call(request)) {
      await hazard.strike(moment);
      yield answer;
    }
  };
}

function struckBefore(database: Database, hazard: Hazard): Database {
  return {
    schema: database.schema,
    transaction: async (holder, work, options) => {
      await hazard.strike(holder);
      const result = await database.transaction(holder, work, options);
      await hazard.strike(`after ${holder}`);
      return result;
    },
    check: () => database.check(),
    close: () => database.close(),
  };
}

function struckAtDelete(objects: ObjectStore, hazard: Hazard): ObjectStore {
  return {
    put: (...given) => objects.put(...given),
    get: (key) => objects.get(key),
    stream: (...given) => objects.stream(...given),
    head: (key) => objects.head(key),
    list: (prefix, after) => objects.list(prefix, after),
    delete: async (key) => {
      await hazard.strike('delete');
      await objects.delete(key);
    },
    signedUrl: (...given) => objects.signedUrl(...given),
    check: () => objects.check(),
    close: () => objects.close(),
  };
}
