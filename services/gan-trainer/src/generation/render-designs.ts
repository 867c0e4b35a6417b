/** The job gan-generate: renders what a request still lacks. */
import { createHash } from 'node:crypto';
import { createRandom, EngineError } from '@deepstyle/engine';
import { countMetric, describeError } from '@deepstyle/platform';
import type { JobDelivery } from '@deepstyle/service';
import { contentKey, type ObjectReference, type ObjectStore } from '@deepstyle/storage';
import { engineOptions } from '@deepstyle/training';
import { encodeTensor } from '@deepstyle/vision';
import { nearestGarments } from '../distance.ts';
import { RenderingInterruptedError } from '../errors.ts';
import {
  compileDiscriminator,
  compileGenerator,
  EVALUATION_BATCH,
  type EvaluationNetwork,
} from '../model/evaluation.ts';
import { IMAGE_SIZE } from '../model/generator.ts';
import type { DiscriminatorWeights, GeneratorWeights } from '../model/initialization.ts';
import { decodeModel, type ModelFile } from '../model-file.ts';
import type { Ports } from '../ports.ts';
import {
  closeRequest,
  countDesigns,
  findRequest,
  type GeneratedDesign,
  type GenerateRequest,
  insertDesigns,
  modelsById,
} from '../records.ts';
import { IMAGE_VALUES } from '../training/batches.ts';

/** Training garments named beside each design. */
const NEAREST_GARMENTS = 3;
const MAX_REASON_LENGTH = 2000;

export async function renderDesigns(
  ports: Ports,
  requestKey: string,
  delivery: JobDelivery,
): Promise<void> {
  const request = await ports.database.transaction('gan-trainer.findRequest', (tx) =>
    findRequest(tx, requestKey),
  );
  if (request?.state !== 'queued') return;
  try {
    await renderMissing(ports, request, delivery.signal);
    await close(ports, requestKey, 'done', null);
  } catch (error) {
    if (delivery.signal.aborted) throw new RenderingInterruptedError(requestKey);
    if (!(error instanceof EngineError || delivery.givesUpOn(error))) throw error;
    ports.logger.error({ requestKey, error }, 'designs could not be rendered');
    await close(ports, requestKey, 'failed', describeError(error).slice(0, MAX_REASON_LENGTH));
  }
}

function close(
  { database }: Pick<Ports, 'database'>,
  requestKey: string,
  state: 'done' | 'failed',
  reason: string | null,
): Promise<void> {
  return database.transaction('gan-trainer.closeRequest', (tx) =>
    closeRequest(tx, requestKey, state, reason),
  );
}

interface Networks {
  readonly file: ModelFile;
  readonly generator: EvaluationNetwork<GeneratorWeights>;
  readonly discriminator: EvaluationNetwork<DiscriminatorWeights>;
}

async function renderMissing(
  ports: Ports,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<void> {
  const { requestKey, modelId, count, seed } = request;
  const { model, stored } = await ports.database.transaction(
    'gan-trainer.openRequest',
    async (tx) => {
      const [model] = await modelsById(tx, [modelId]);
      return { model, stored: await countDesigns(tx, requestKey) };
    },
  );
  if (model === undefined || stored >= count) return;
  const file = decodeModel(await ports.objects.get(model.weightsKey), model.weightsKey);
  const latents = createRandom(`design:${seed}`).normal(count * file.latentSize);
  const engine = engineOptions(ports.settings);
  const generator = await compileGenerator(file, engine);
  const discriminator = await compileDiscriminator(file, engine);
  try {
    // Stored in order and in whole batches, so that the number stored is where to go on.
    for (let first = stored; first < count; first += EVALUATION_BATCH) {
      signal.throwIfAborted();
      const part = latents.subarray(
        first * file.latentSize,
        Math.min(count, first + EVALUATION_BATCH) * file.latentSize,
      );
      const designs = await renderBatch({ file, generator, discriminator }, part, first);
      // Where another worker was quicker, images that nobody chose are deleted by now: they are not to come back.
      if (!(await isQueued(ports, requestKey))) return;
      await storeDesigns(ports, requestKey, designs);
    }
  } finally {
    await generator.dispose();
    await discriminator.dispose();
  }
}

/** A design whose image is not stored yet. */
type RenderedDesign = Omit<GeneratedDesign, 'image'> & { readonly png: Uint8Array };

async function renderBatch(
  { file, generator, discriminator }: Networks,
  latents: Float32Array,
  first: number,
): Promise<RenderedDesign[]> {
  const images = await generator.run(file.generator, file.generatorStatistics, latents);
  countMetric('images', { service: 'gan-trainer', work: 'generate' }, images.length / IMAGE_VALUES);
  const logits = await discriminator.run(file.discriminator, file.discriminatorStatistics, images);
  const nearest = nearestGarments(images, file, NEAREST_GARMENTS);
  return Promise.all(
    Array.from(logits, async (realism, row) => ({
      position: first + row,
      latent: Array.from(latents.subarray(row * file.latentSize, (row + 1) * file.latentSize)),
      png: await encodeTensor(
        images.subarray(row * IMAGE_VALUES, (row + 1) * IMAGE_VALUES),
        IMAGE_SIZE,
        IMAGE_SIZE,
      ),
      realism,
      nearest: nearest[row] ?? [],
    })),
  );
}

async function isQueued(
  { database }: Pick<Ports, 'database'>,
  requestKey: string,
): Promise<boolean> {
  const request = await database.transaction('gan-trainer.findRequest', (tx) =>
    findRequest(tx, requestKey),
  );
  return request?.state === 'queued';
}

async function storeDesigns(
  { database, objects }: Pick<Ports, 'database' | 'objects'>,
  requestKey: string,
  rendered: readonly RenderedDesign[],
): Promise<void> {
  const designs = await Promise.all(
    rendered.map(async ({ png, ...design }) => ({
      ...design,
      image: await storeImage(objects, png),
    })),
  );
  await database.transaction('gan-trainer.insertDesigns', (tx) =>
    insertDesigns(tx, requestKey, designs),
  );
}

function storeImage(objects: ObjectStore, png: Uint8Array): Promise<ObjectReference> {
  const sha256 = createHash('sha256').update(png).digest('hex');
  return objects.put(contentKey('designs', sha256), png, 'image/png');
}
