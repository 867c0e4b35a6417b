/** What becomes of a run whose garments are ready: pure. */
export type Decision =
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'reuse'; readonly modelId: string; readonly reason: string }
  | { readonly kind: 'train' };

/** Skipped where the run asks for it or has too few garments; a model of the same garments and hyperparameters is reused. */
export function decide(run: {
  readonly skip: boolean;
  readonly garments: number;
  readonly minGarments: number;
  readonly knownModelId: string | null;
}): Decision {
  if (run.skip) return { kind: 'skip', reason: 'the run was started without a GAN' };
  if (run.garments < run.minGarments) {
    return {
      kind: 'skip',
      reason: `${run.garments} garments are too few to train on; ${run.minGarments} are needed (GAN_MIN_GARMENTS)`,
    };
  }
  if (run.knownModelId !== null) {
    return {
      kind: 'reuse',
      modelId: run.knownModelId,
      reason: 'a model of the same garments and hyperparameters was trained before',
    };
  }
  return { kind: 'train' };
}
