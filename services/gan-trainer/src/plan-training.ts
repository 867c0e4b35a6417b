/** Decides what becomes of a run whose garments are ready, once. */
import type { EventData } from '@deepstyle/contracts';
import { DeepStyleError, describeError } from '@deepstyle/platform';
import type { ServiceOutbox } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { manifestHash, modelId } from './manifest.ts';
import { type Decision, decide } from './policy.ts';
import type { Ports } from './ports.ts';
import {
  earlierRuns,
  findModels,
  insertTraining,
  insertTrainingGarments,
  type ManifestGarment,
  trainings,
} from './records.ts';
import { type Hyperparameters, hyperparametersFor } from './training/hyperparameters.ts';

export const TRAIN_JOB = 'gan-train';

type GarmentsReady = EventData<'deepstyle.garments.ready.v1'>;
type GanReady = EventData<'deepstyle.gan.ready.v1'>;

/** Publishes gan.ready under an id of the run, so that it is published once. */
export function announce(outbox: ServiceOutbox, tx: Transaction, ready: GanReady): Promise<void> {
  return outbox.publish(tx, 'deepstyle.gan.ready.v1', ready, `gan.ready:${ready.run.id}`);
}

export async function planTraining(event: GarmentsReady, ports: Ports): Promise<void> {
  const { run } = event;
  const { database, settings } = ports;
  const known = await database.transaction('gan-trainer.findTraining', (tx) =>
    trainings.find(tx, [run.id]),
  );
  if (known.length > 0) return;
  const early = decide({
    skip: run.gan.skip,
    garments: event.garments,
    minGarments: settings.minGarments,
    knownModelId: null,
  });
  if (early.kind === 'skip') return record(event, early, null, ports);
  const garments = await readManifest(run, ports);
  if (typeof garments === 'string') {
    return record(event, { kind: 'skip', reason: garments }, null, ports);
  }
  const hyperparameters = hyperparametersFor(garments.length, settings, run.gan.steps);
  const manifest = manifestHash(garments.map(({ id }) => id));
  const id = modelId(manifest, hyperparameters);
  const models = await database.transaction('gan-trainer.findModel', (tx) => findModels(tx, [id]));
  const decision = decide({
    skip: false,
    garments: garments.length,
    minGarments: settings.minGarments,
    knownModelId: models[0]?.id ?? null,
  });
  await record(event, decision, { garments, manifest, hyperparameters }, ports);
}

interface Plan {
  readonly garments: readonly ManifestGarment[];
  readonly manifest: string;
  readonly hyperparameters: Hyperparameters;
}

/** Decision and what follows from it, in one transaction; a second delivery finds it done. */
async function record(
  event: GarmentsReady,
  decision: Decision,
  plan: Plan | null,
  ports: Ports,
): Promise<void> {
  const { run } = event;
  await ports.database.transaction('gan-trainer.planTraining', async (tx) => {
    const ending = endingOf(decision);
    const isNew = await insertTraining(tx, {
      run,
      ...ending,
      manifestHash: plan?.manifest ?? null,
      hyperparameters: plan?.hyperparameters ?? null,
      garments: plan?.garments.length ?? event.garments,
      now: ports.clock(),
    });
    if (!isNew) return;
    const { outcome, modelId, reason } = ending;
    if (outcome !== null) {
      await announce(ports.outbox, tx, { run, outcome, modelId, reason });
      return;
    }
    await insertTrainingGarments(tx, run.id, plan?.garments ?? []);
    await ports.outbox.enqueue(tx, TRAIN_JOB, { runId: run.id }, `${TRAIN_JOB}:${run.id}`);
  });
}

function endingOf(decision: Decision) {
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
      return { state: 'queued', outcome: null, modelId: null, reason: null } as const;
  }
}

/**
 * The garments of the run, and of earlier ones where the settings say so, each once; or the reason why the run's can never
 * be had. Throws where another try may succeed.
 */
async function readManifest(
  run: GarmentsReady['run'],
  ports: Ports,
): Promise<readonly ManifestGarment[] | string> {
  const { settings, database, logger } = ports;
  const own = await readGarments(run.id, ports);
  if (typeof own === 'string' || settings.earlierRuns === 0) return own;
  const garments = new Map(own.map((garment) => [garment.id, garment]));
  const runs = await database.transaction('gan-trainer.earlierRuns', (tx) =>
    earlierRuns(tx, run, settings.earlierRuns),
  );
  for (const runId of runs) {
    const more = await readGarments(runId, ports);
    if (typeof more === 'string')
      logger.warn({ runId, reason: more }, 'an earlier run is left out');
    else for (const garment of more) garments.set(garment.id, garment);
  }
  return [...garments.values()];
}

/** A run's garments, each once; or the reason why they can never be had. Throws where another try may succeed. */
async function readGarments(
  runId: string,
  ports: Ports,
): Promise<readonly ManifestGarment[] | string> {
  const garments = new Map<string, ManifestGarment>();
  try {
    for await (const page of ports.calls.listGarments({ runId })) {
      for (const { id, image } of page.garments) {
        if (image !== undefined) garments.set(id, { id, imageKey: image.key });
      }
    }
  } catch (error) {
    if (DeepStyleError.from(error).retryable) throw error;
    ports.logger.error({ runId, error }, 'the garments of a run cannot be listed');
    return `its garments cannot be listed: ${describeError(error)}`;
  }
  return [...garments.values()];
}
