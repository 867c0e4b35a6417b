import type { cropperV1 } from '@deepstyle/contracts';
import { inOpenRun } from './open-run.ts';
import type { Ports } from './ports.ts';
import {
  completeRunGarments,
  type RunRecord,
  type SeasonGarment,
  saveRunGarments,
} from './records.ts';

/**
 * Takes the garments of a run over from the cropper, page by page, and lets them count in its season once all are
 * here. Done before, it only answers. Returns how many they are.
 *
 * @throws RunChangedError
 */
export async function readRunGarments(
  ports: Pick<Ports, 'database' | 'calls' | 'clock'>,
  record: RunRecord,
): Promise<number> {
  const { reference: run, garmentsReadAt } = record;
  if (record.garments !== null) return record.garments;
  for await (const { garments } of ports.calls.listGarments({ runId: run.id })) {
    await inOpenRun(ports, 'gallery.saveRunGarments', run, (tx) =>
      // Of a run that counts already, more would count before all are here.
      saveRunGarments(tx, run, garments.map(seasonGarmentOf), garmentsReadAt === null),
    );
  }
  return inOpenRun(ports, 'gallery.completeRunGarments', run, (tx) =>
    completeRunGarments(tx, run, ports.clock()),
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
