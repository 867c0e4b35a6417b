import type { SecurityClass } from '../input.ts';
import { ADDRESS_CLASSES } from './address-classes.ts';
import { COCO_CLASSES } from './coco-classes.ts';
import { HEAVY_CLASSES } from './heavy-classes.ts';
import { LIST_CLASSES } from './list-classes.ts';
import { PAGE_CLASSES } from './page-classes.ts';
import { PARTS_CLASSES } from './parts-classes.ts';
import { PICTURE_CLASSES } from './picture-classes.ts';
import { QUERY_CLASSES } from './query-classes.ts';
import { ROUTE_CLASSES } from './route-classes.ts';
import { SLOW_CLASSES } from './slow-classes.ts';
import { TEXT_CLASSES } from './text-classes.ts';

export const CLASSES: readonly SecurityClass[] = [
  ...ADDRESS_CLASSES,
  ...PAGE_CLASSES,
  ...PICTURE_CLASSES,
  ...PARTS_CLASSES,
  ...SLOW_CLASSES,
  ...TEXT_CLASSES,
  ...HEAVY_CLASSES,
  ...COCO_CLASSES,
  ...LIST_CLASSES,
  ...QUERY_CLASSES,
  ...ROUTE_CLASSES,
];
