import type { cropperV1, RunReference } from '@deepstyle/contracts';
import type { Ports } from './ports.ts';
import {
  completeRunGarments,
  noteRun,
  runsById,
  type SeasonGarment,
  saveRunGarments,
} from './records.ts';

/**
 * Takes the garments of a run over from the cropper, page by page, and lets them count in its season once all are
 * here. Done before, it only answers. Returns how many they are.
 */
export async function readRunGarments(
  { database, calls, clock }: Pick<Ports, 'database' | 'calls' | 'clock'>,
  run: RunReference,
): Promise<number> {
  const known = await database.transaction('gallery.noteRun', async (tx) => {
    await noteRun(tx, run, clock());
    const [record] = await runsById(tx, [run.id]);
    return record?.garments ?? null;
  });
  if (known !== null) return known;
  for await (const { garments } of calls.listGarments({ runId: run.id })) {
    await database.transaction('gallery.saveRunGarments', (tx) =>
      saveRunGarments(tx, run.id, run.season, garments.map(seasonGarmentOf)),
    );
  }
  return database.transaction('gallery.completeRunGarments', (tx) =>
    completeRunGarments(tx, run.id, run.season, clock()),
  );
}

function seasonGarmentOf(garment: cropperV1.Garment): SeasonGarment {
  const { id, photoId, brand, category, categoryType, palette } = garment;
  return {
    garmentId: id,
    photoId,
    brand: brand === '' ? null : brand,
    category,
    categoryType: typeOf(categoryType),
    palette: palette.map(({ lightness, a, b, share }) => [lightness, a, b, share]),
  };
}

function typeOf(text: string): SeasonGarment['categoryType'] {
  return text === 'upper' || text === 'lower' || text === 'full' ? text : 'other';
}
