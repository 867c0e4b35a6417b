import { cropper } from '@deepstyle/cropper';
import { dataset } from '@deepstyle/dataset';
import { detector } from '@deepstyle/detector';
import { gallery } from '@deepstyle/gallery';
import { ganTrainer } from '@deepstyle/gan-trainer';
import { scraper } from '@deepstyle/scraper';
import type { Service } from '@deepstyle/service';

/** All six, as an instance runs them. */
export const SERVICES = [
  scraper,
  dataset,
  detector,
  cropper,
  ganTrainer,
  gallery,
] as unknown as readonly Service[];
