import {
  type Connection,
  localId,
  manyByKey,
  oneByKey,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import type { SubgraphResolvers } from './gen/graph.ts';
import { type GarmentNode, garmentNode } from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import { garmentsById, garmentsOfPhotos, garmentsOfRun, runsById } from './records.ts';
import { stageOf } from './stage.ts';

const MAX_GARMENTS_OF_PHOTO = 100;

export function createLoaders({ database }: Ports) {
  return {
    run: oneByKey(database, 'cropper.graph.runs', runsById, ({ id }) => id),
    garment: oneByKey(database, 'cropper.graph.garments', garmentsById, ({ id }) => id),
    garmentsOfPhoto: manyByKey(
      database,
      'cropper.graph.garmentsOfPhotos',
      (tx, ids) => garmentsOfPhotos(tx, ids, MAX_GARMENTS_OF_PHOTO),
      ({ photoId }) => photoId,
    ),
  };
}

type Loaders = ReturnType<typeof createLoaders>;

export function createResolvers({ database, clock }: Ports): SubgraphResolvers<Loaders> {
  return {
    Query: {
      garment: (_, { id }, { loaders }) => garment(id, loaders),
    },
    Garment: {
      __resolveReference: ({ id }, { loaders }) => garment(id, loaders),
    },
    Photo: {
      garments: async ({ id }, _, { loaders }) =>
        (await loaders.garmentsOfPhoto.load(localId('Photo', id))).map(garmentNode),
    },
    Run: {
      cropping: async ({ id }, _, { loaders }) =>
        stage(stageOf(await loaders.run.load(localId('Run', id))), clock()),
      garmentCount: async ({ id }, _, { loaders }) =>
        (await loaders.run.load(localId('Run', id)))?.progress.garments ?? 0,
      garments: ({ id }, page) => garments(localId('Run', id), page),
    },
  };

  async function garments(
    runId: string,
    argument: PageArguments,
  ): Promise<Connection<GarmentNode>> {
    const page = parsePage(argument);
    const rows = await database.transaction('cropper.graph.garmentsOfRun', (tx) =>
      garmentsOfRun(tx, runId, page.after?.[0] ?? '', page.limit),
    );
    return toConnection(page, rows, ({ id }) => [id], garmentNode);
  }
}

async function garment(id: string, loaders: Loaders): Promise<GarmentNode | null> {
  const found = await loaders.garment.load(localId('Garment', id));
  return found === null ? null : garmentNode(found);
}
