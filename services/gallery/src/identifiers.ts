import { createHash } from 'node:crypto';
import type { RunReference } from '@deepstyle/contracts';
import { idInRetry } from '@deepstyle/service';

/** Id of a design: hash of model, decoder version and latent (as 32-bit floats, little endian). */
export function designIdOf(
  modelId: string,
  decoderVersion: string,
  latent: readonly number[],
): string {
  const bytes = new DataView(new ArrayBuffer(latent.length * 4));
  for (const [index, value] of latent.entries()) bytes.setFloat32(index * 4, value, true);
  return createHash('sha256')
    .update(`design\n${modelId}\n${decoderVersion}\n`)
    .update(new Uint8Array(bytes.buffer))
    .digest('hex');
}

/** Id of the collection that a run's model gives. */
export function collectionIdOf(runId: string, modelId: string): string {
  return hashOf(['collection', runId, modelId]);
}

/** Id of the trend batch that a run or its retry publishes for a season and brand, before (`false`) or with its collection. */
export function trendBatchIdOf(
  run: Pick<RunReference, 'id' | 'retries'>,
  season: string,
  brand: string | null,
  final: boolean,
): string {
  return hashOf(['trend-batch', idInRetry(run.id, run), season, brand, final]);
}

/** Seed of a run's latents: 48 bits, which every language's numbers hold. */
export function latentSeedOf(runId: string): number {
  return createHash('sha256').update(`latents\n${runId}`).digest().readUIntBE(0, 6);
}

function hashOf(parts: readonly (string | boolean | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
