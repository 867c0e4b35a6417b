import { createHash } from 'node:crypto';
import type { cropperV1, RunReference } from '@deepstyle/contracts';
import { contentKey, type ObjectStore } from '@deepstyle/storage';
import { drawGarment, GARMENT_CATEGORIES } from '@deepstyle/testkit';

/** Draws garments and stores them as the cropper does. */
export function storeGarments(objects: ObjectStore, count: number): Promise<cropperV1.Garment[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, seed) => {
      const category = GARMENT_CATEGORIES[seed % GARMENT_CATEGORIES.length] ?? 'dress';
      const { jpeg } = await drawGarment({ seed, category, color: 'red', pattern: 'plain' });
      return storeGarment(objects, jpeg, category);
    }),
  );
}

export async function storeGarment(
  objects: ObjectStore,
  bytes: Uint8Array,
  category: string,
): Promise<cropperV1.Garment> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    id: createHash('sha256').update(`garment ${sha256}`).digest('hex'),
    photoId: sha256,
    season: 'SS2026',
    brand: '',
    category,
    categoryType: 'full',
    palette: [],
    image: await objects.put(contentKey('garments', sha256), bytes, 'image/jpeg'),
    widthPx: 192,
    heightPx: 256,
    createdAt: undefined,
  };
}

export function runOf(id: string, gan: Partial<RunReference['gan']> = {}): RunReference {
  return {
    id,
    season: 'SS2026',
    brand: null,
    detector: 'none',
    gan: { steps: 12, skip: false, ...gan },
  };
}
