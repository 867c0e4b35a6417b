/** Decides what becomes of a run whose garments are ready, once in each retry. */
import type { EventData, RunReference } from '@deepstyle/contracts';
import { DeepStyleError, describeError } from '@deepstyle/platform';
import { holdRunChange, idInRetry, noteRetries, retriesOf } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { manifestHash, modelId } from '../manifest.ts';
import type { Ports } from '../ports.ts';
import {
  earlierRuns,
  insertTraining,
  insertTrainingGarments,
  keepTraining,
  type ManifestGarment,
  modelsById,
  trainings,
} from '../records.ts';
import { announceOutcome } from './end-training.ts';
import { type Hyperparameters, hyperparametersFor } from './hyperparameters.ts';
import { type Decision, decide } from './policy.ts';

export const TRAIN_JOB = 'gan-train';

type GarmentsReady = EventData<'deepstyle.garments.ready.v1'>;

export async function planTraining(ports: Ports, event: GarmentsReady): Promise<void> {
  const { run } = event;
  const { database, settings } = ports;
  const isToPlan = await database.transaction('gan-trainer.takeReady', (tx) =>
    takeReady(tx, ports, run),
  );
  if (!isToPlan) return;
  const early = decide({
    skip: run.gan.skip,
    garments: event.garments,
    minGarments: settings.minGarments,
    knownModelId: null,
  });
  if (early.kind === 'skip') return record(ports, event, early, null);
  const garments = await readManifest(ports, run);
  if (typeof garments === 'string') {
    return record(ports, event, { kind: 'skip', reason: garments }, null);
  }
  const hyperparameters = hyperparametersFor(garments.length, settings, run.gan.steps);
  const manifest = manifestHash(garments.map(({ id }) => id));
  const id = modelId(manifest, hyperparameters);
  const models = await database.transaction('gan-trainer.findModel', (tx) => modelsById(tx, [id]));
  const decision = decide({
    skip: false,
    garments: garments.length,
    minGarments: settings.minGarments,
    knownModelId: models[0]?.id ?? null,
  });
  await record(ports, event, decision, { garments, manifest, hyperparameters });
}

/** Whether the run is to be planned. The retry of one that has its model, or whose training is not over, needs no plan. */
async function takeReady(
  tx: Transaction,
  ports: Pick<Ports, 'outbox' | 'clock'>,
  run: RunReference,
): Promise<boolean> {
  if ((await noteRetries(tx, run)) === null) return false;
  const [known] = await trainings.find(tx, [run.id]);
  if (known !== undefined && retriesOf(known.run) >= retriesOf(run)) return false;
  const kept = await keepTraining(tx, run, ports.clock());
  if (kept === null) return true;
  const { outcome, modelId, reason } = kept;
  if (outcome !== null) {
    await announceOutcome(ports, tx, { run, outcome, modelId, reason: reason ?? '' });
  }
  return false;
}

interface Plan {
  readonly garments: readonly ManifestGarment[];
  readonly manifest: string;
  readonly hyperparameters: Hyperparameters;
}

/** Decision and what follows from it, in one transaction; a second delivery finds it done. */
async function record(
  ports: Ports,
  event: GarmentsReady,
  decision: Decision,
  plan: Plan | null,
): Promise<void> {
  const { database, outbox, clock } = ports;
  const { run } = event;
  await database.transaction('gan-trainer.planTraining', async (tx) => {
    const { isCanceled, retries } = await holdRunChange(tx, run.id);
    if (retries > retriesOf(run)) return;
    const ending = endingOf(decision, isCanceled);
    const planned = {
      run,
      ...ending,
      manifestHash: plan?.manifest ?? null,
      hyperparameters: plan?.hyperparameters ?? null,
      garments: plan?.garments.length ?? event.garments,
    };
    const isNew = await insertTraining(tx, planned, clock());
    if (!isNew) return;
    const { outcome, modelId, reason } = ending;
    if (outcome !== null) {
      await announceOutcome(ports, tx, { run, outcome, modelId, reason });
      return;
    }
    await insertTrainingGarments(tx, run.id, plan?.garments ?? []);
    if (isCanceled) return;
    const id = idInRetry(`${TRAIN_JOB}:${run.id}`, run);
    await outbox.enqueue(tx, TRAIN_JOB, { runId: run.id }, id);
  });
}

function endingOf(decision: Decision, isCanceled: boolean) {
  switch (decision.kind) {
    case 'skip':
      return {
        state: 'skipped',
        outcome: 'skipped',
        modelId: null,
        reason: decision.reason,
      } as const;
    case 'reuse':
      return {
        state: 'done',
        outcome: 'reused',
        modelId: decision.modelId,
        reason: decision.reason,
      } as const;
    case 'train':
      return {
        state: isCanceled ? 'canceled' : 'queued',
        outcome: null,
        modelId: null,
        reason: null,
      } as const;
  }
}

/**
 * The garments of the run, and of earlier ones where the settings say so, each once; or the reason why the run's can never
 * be had. Throws where another try may succeed.
 */
async function readManifest(
  ports: Ports,
  run: RunReference,
): Promise<readonly ManifestGarment[] | string> {
  const { settings, database, logger } = ports;
  const own = await readGarments(ports, run.id);
  if (typeof own === 'string' || settings.earlierRuns === 0) return own;
  const garments = new Map(own.map((garment) => [garment.id, garment]));
  const runs = await database.transaction('gan-trainer.earlierRuns', (tx) =>
    earlierRuns(tx, run, settings.earlierRuns),
  );
  for (const runId of runs) {
    const more = await readGarments(ports, runId);
    if (typeof more === 'string')
      logger.warn({ runId, reason: more }, 'an earlier run is left out');
    else for (const garment of more) garments.set(garment.id, garment);
  }
  return [...garments.values()];
}

/** A run's garments, each once; or the reason why they can never be had. Throws where another try may succeed. */
async function readGarments(
  { calls, logger }: Pick<Ports, 'calls' | 'logger'>,
  runId: string,
): Promise<readonly ManifestGarment[] | string> {
  const garments = new Map<string, ManifestGarment>();
  try {
    for await (const page of calls.listGarments({ runId })) {
      for (const { id, image } of page.garments) {
        if (image !== undefined) garments.set(id, { id, imageKey: image.key });
      }
    }
  } catch (error) {
    // Unforeseen failures of the cropper, too, may be gone the next time.
    if (DeepStyleError.from(error).retryable) throw error;
    logger.error({ runId, error }, 'the garments of a run cannot be listed');
    return `its garments cannot be listed: ${describeError(error)}`;
  }
  return [...garments.values()];
}
