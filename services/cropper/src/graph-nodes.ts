import { enumValue, globalId, imageField } from '@deepstyle/service';
import { hexOf } from './garment-look.ts';
import type { GarmentRecord } from './records.ts';

export type GarmentNode = ReturnType<typeof garmentNode>;

/** A garment as the graph has it. */
export function garmentNode(garment: GarmentRecord) {
  const { box, detector, category, score, brand, palette } = garment;
  return {
    id: globalId('Garment', garment.id),
    image: imageField(garment.image, garment.widthPx, garment.heightPx, garment),
    photo: { id: globalId('Photo', garment.photoId) },
    box,
    detector,
    category,
    categoryType: enumValue(garment.categoryType),
    score,
    brand,
    palette: palette.map((color) => ({ hex: hexOf(color), share: color.share })),
  };
}
