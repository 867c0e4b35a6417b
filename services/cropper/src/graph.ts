import type { CategoryType } from '@deepstyle/contracts';
import {
  type Connection,
  type GraphContext,
  type GraphResolvers,
  globalId,
  imageField,
  localId,
  manyByKey,
  oneByKey,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import { hexOf } from './garment-look.ts';
import type { Ports } from './ports.ts';
import {
  type GarmentRecord,
  garmentsById,
  garmentsOfPhotos,
  garmentsOfRun,
  runsById,
} from './records.ts';
import { stageOf } from './stage.ts';

type Context = GraphContext<ReturnType<typeof createLoaders>>;
interface Entity {
  readonly id: string;
}

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

export function createResolvers({ database, clock }: Ports): GraphResolvers {
  return {
    Query: {
      garment: (_: unknown, { id }: Entity, context: Context) => garment(id, context),
    },
    Garment: {
      __resolveReference: ({ id }: Entity, context: Context) => garment(id, context),
    },
    Photo: {
      __resolveReference: ({ id }: Entity) => ({ id }),
      garments: async ({ id }: Entity, _: unknown, { loaders }: Context) =>
        (await loaders.garmentsOfPhoto.load(localId('Photo', id))).map(garmentNode),
    },
    Run: {
      __resolveReference: ({ id }: Entity) => ({ id }),
      cropping: async ({ id }: Entity, _: unknown, { loaders }: Context) =>
        stage(stageOf(await loaders.run.load(localId('Run', id))), clock()),
      garmentCount: async ({ id }: Entity, _: unknown, { loaders }: Context) =>
        (await loaders.run.load(localId('Run', id)))?.progress.garments ?? 0,
      garments: ({ id }: Entity, page: PageArguments) => garments(localId('Run', id), page),
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

async function garment(id: string, { loaders }: Context): Promise<GarmentNode | null> {
  const found = await loaders.garment.load(localId('Garment', id));
  return found === null ? null : garmentNode(found);
}

type GarmentNode = ReturnType<typeof garmentNode>;

function garmentNode(garment: GarmentRecord) {
  const { box, detector, category, score, brand, palette } = garment;
  return {
    id: globalId('Garment', garment.id),
    image: imageField(garment.image, garment.widthPx, garment.heightPx, garment),
    photo: { id: globalId('Photo', garment.photoId) },
    box,
    detector,
    category,
    categoryType: garment.categoryType.toUpperCase() as Uppercase<CategoryType>,
    score,
    brand,
    palette: palette.map((color) => ({ hex: hexOf(color), share: color.share })),
  };
}
