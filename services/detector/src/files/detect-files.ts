/** Finds garments in photographs on the disk and writes what it finds into a folder. */
import { describeError, isOutOfFiles } from '@deepstyle/platform/errors';
import { engineOptions } from '@deepstyle/training';
import type { CocoDetection } from '@deepstyle/vision';
import type { DetectorSettings } from '../config.ts';
import { createInference } from '../model/inference.ts';
import type { ModelFile } from '../model-file.ts';
import { INFERENCE_PROPOSALS, POSTPROCESS } from '../training/hyperparameters.ts';
import { cocoDetection, cocoFiles, type SeenPhoto } from './coco-files.ts';
import type { ListedPhoto, PhotoList, RefusedPhoto } from './list-photos.ts';
import { type Look, lookAtPhotos } from './look-at-photos.ts';
import { type OutputFolder, openOutputFolder } from './output-folder.ts';
import { readDetector } from './read-detector.ts';
import { type RenderedPhoto, renderPhoto } from './render-photo.ts';

export interface DetectRequest {
  /** The bytes of a weights file. */
  readonly weights: Uint8Array;
  /** What people call it. */
  readonly model: string;
  readonly photos: PhotoList;
  /** A folder that is empty or not there. */
  readonly output: string;
  readonly withCrops: boolean;
  /** In [0, 1]; null: as a run does. */
  readonly minScore: number | null;
  readonly settings: Pick<DetectorSettings, 'minScore' | 'maxPixels' | 'threads' | 'device'>;
  /** Ends it after the photograph in hand; what is written by then is whole. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DetectProgress) => void;
}

export interface DetectProgress {
  readonly done: number;
  readonly failed: number;
  readonly photos: number;
}

export interface DetectedFiles {
  /** Those that were found, readable or not. */
  readonly photos: number;
  readonly detected: number;
  readonly failed: readonly RefusedPhoto[];
  /** Photographs of which no garment is drawn. */
  readonly withoutGarments: number;
  /** Drawn. */
  readonly garments: number;
  readonly categories: readonly { readonly name: string; readonly garments: number }[];
  /** Rows of detections.json. */
  readonly detections: number;
  readonly minScore: number;
  readonly drawnMinScore: number;
  /** See PhotoList. */
  readonly otherFiles: number;
  readonly repeatedFolders: number;
}

/** As the cropper cuts them: what is less certain is for figures, not for eyes. */
const DRAWN_MIN_SCORE = 0.5;

/**
 * Writes `pictures/`, `crops/` where they are wanted, and at the end `images.json` and `detections.json`.
 *
 * @throws NotADetectorError and OutputFolderError before anything is written; OutputFolderError where the
 *   disk fails, and what the engine throws
 */
export async function detectFiles(request: DetectRequest): Promise<DetectedFiles> {
  const { photos: list } = request;
  const model = readDetector(request.weights, request.model);
  const output = await openOutputFolder(request.output);
  const findings = new Findings(request, model, output, list.refused);
  await lookAtAll(request, model, list.photos, findings);
  await findings.writeCoco();
  const photos = list.photos.length + list.refused.length;
  return {
    ...{ photos, ...findings.figures() },
    ...{ otherFiles: list.others, repeatedFolders: list.repeatedFolders },
  };
}

async function lookAtAll(
  { settings, minScore, signal, onProgress }: DetectRequest,
  model: ModelFile,
  photos: readonly ListedPhoto[],
  findings: Findings,
): Promise<void> {
  const inference = await createInference(model, {
    proposals: INFERENCE_PROPOSALS,
    postprocess: { ...POSTPROCESS, minScore: minScore ?? settings.minScore },
    engine: engineOptions(settings),
  });
  const looking = {
    ...{ inference, network: model.architecture.image },
    maxPixels: settings.maxPixels,
  };
  const report = () => onProgress(findings.progress(photos.length));
  try {
    report();
    for await (const look of lookAtPhotos(looking, photos)) {
      if (signal.aborted) break;
      await findings.add(look);
      report();
    }
  } finally {
    await inference.dispose();
  }
}

/** What has been found and written so far. */
class Findings {
  readonly #request: DetectRequest;
  readonly #model: ModelFile;
  readonly #output: OutputFolder;
  readonly #failed: RefusedPhoto[];
  readonly #images: SeenPhoto[] = [];
  readonly #detections: CocoDetection[] = [];
  /** Drawn, by category. */
  readonly #garments: number[];
  readonly #refused: number;
  #withoutGarments = 0;

  constructor(
    request: DetectRequest,
    model: ModelFile,
    output: OutputFolder,
    refused: readonly RefusedPhoto[],
  ) {
    this.#request = request;
    this.#model = model;
    this.#output = output;
    this.#failed = [...refused];
    this.#refused = refused.length;
    this.#garments = model.categories.map(() => 0);
  }

  /** @throws OutputFolderError */
  async add(look: Look): Promise<void> {
    const { photo } = look;
    if ('problem' in look) {
      this.#failed.push({ name: photo.name, reason: look.problem });
      return;
    }
    const sure = look.detections.filter(({ score }) => score >= this.#drawnMinScore);
    const rendered = await this.#render(photo, sure);
    if (rendered === null) return;
    const stem = photo.name.replace(/\.[^./]+$/, '');
    const drawn = this.#output.freeName(`pictures/${stem}`, '.jpg');
    await this.#output.write(drawn, rendered.picture);
    for (const { category, jpeg } of rendered.crops)
      await this.#output.write(this.#cropName(category, stem), jpeg);
    const id = this.#images.length + 1;
    this.#images.push({ id, file_name: photo.name, ...look.size, drawn });
    this.#detections.push(...look.detections.map((one) => cocoDetection(id, one)));
    for (const { category } of sure) this.#garments[category] = (this.#garments[category] ?? 0) + 1;
    if (sure.length === 0) this.#withoutGarments += 1;
  }

  /** Null where the photograph cannot be drawn, which is noted. */
  async #render(
    { path, name }: ListedPhoto,
    sure: Extract<Look, { detections: unknown }>['detections'],
  ): Promise<RenderedPhoto | null> {
    const { withCrops, settings } = this.#request;
    const { categories } = this.#model;
    try {
      return await renderPhoto(path, sure, {
        ...{ categories, withCrops, maxPixels: settings.maxPixels },
      });
    } catch (error) {
      if (isOutOfFiles(error)) throw error;
      this.#failed.push({ name, reason: `It cannot be drawn: ${describeError(error)}` });
      return null;
    }
  }

  /** By category, as a run takes photographs of one garment each. */
  #cropName(category: string, stem: string): string {
    const folder = category.replaceAll(/[/\\:*?"<>|\p{C}]/gu, '_').replace(/^\./, '_');
    return this.#output.freeName(`crops/${folder}/${stem}`, '.jpg');
  }

  async writeCoco(): Promise<void> {
    const { categories } = this.#model;
    const files = cocoFiles(this.#request.model, categories, this.#images, this.#detections);
    await this.#output.write('images.json', `${JSON.stringify(files.images)}\n`);
    await this.#output.write('detections.json', `${JSON.stringify(files.detections)}\n`);
  }

  progress(listed: number): DetectProgress {
    const failed = this.#failed.length - this.#refused;
    return { done: this.#images.length, failed, photos: listed };
  }

  figures() {
    return {
      detected: this.#images.length,
      failed: this.#failed,
      withoutGarments: this.#withoutGarments,
      garments: this.#garments.reduce((sum, count) => sum + count, 0),
      categories: this.#model.categories.map(({ name }, place) => {
        return { name, garments: this.#garments[place] ?? 0 };
      }),
      detections: this.#detections.length,
      minScore: this.#request.minScore ?? this.#request.settings.minScore,
      drawnMinScore: this.#drawnMinScore,
    };
  }

  get #drawnMinScore(): number {
    const { minScore, settings } = this.#request;
    return minScore ?? Math.max(DRAWN_MIN_SCORE, settings.minScore);
  }
}
