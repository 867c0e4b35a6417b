import type { CategoryType } from '@deepstyle/contracts';
import {
  type Connection,
  type GraphContext,
  type GraphResolvers,
  globalId,
  imageField,
  localId,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import DataLoader from 'dataloader';
import { hexOf } from './garment-look.ts';
import {
  type GarmentRecord,
  garmentsById,
  garmentsOfPhotos,
  garmentsOfRun,
  type RunRecord,
  runsById,
} from './records.ts';
import { croppingStage } from './stage.ts';

export interface CropperLoaders {
  readonly run: DataLoader<string, RunRecord | null>;
  readonly garment: DataLoader<string, GarmentRecord | null>;
  readonly garmentsOfPhoto: DataLoader<string, readonly GarmentRecord[]>;
}

type Context = GraphContext<CropperLoaders>;
interface Entity {
  readonly id: string;
}

const MAX_GARMENTS_OF_PHOTO = 100;

export function createLoaders(database: Database): CropperLoaders {
  return {
    run: new DataLoader(async (ids) => {
      const runs = await database.transaction('cropper.graph.runs', (tx) => runsById(tx, ids));
      return ids.map((id) => runs.get(id) ?? null);
    }),
    garment: new DataLoader(async (ids) => {
      const found = await database.transaction('cropper.graph.garments', (tx) =>
        garmentsById(tx, ids),
      );
      const garments = new Map(found.map((garment) => [garment.id, garment]));
      return ids.map((id) => garments.get(id) ?? null);
    }),
    garmentsOfPhoto: new DataLoader(async (ids) => {
      const garments = await database.transaction('cropper.graph.garmentsOfPhotos', (tx) =>
        garmentsOfPhotos(tx, ids, MAX_GARMENTS_OF_PHOTO),
      );
      return ids.map((id) => garments.filter(({ photoId }) => photoId === id));
    }),
  };
}

export function createResolvers(database: Database, clock: () => Date): GraphResolvers {
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
        stage(croppingStage(await loaders.run.load(localId('Run', id))), clock()),
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
