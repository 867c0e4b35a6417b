/**
 * Linear rise, then half a cosine down to 0 (Loshchilov and Hutter, 2017): most of what a short training reaches it
 * reaches in the last third, when the rate falls.
 * @param step from 0
 */
export function learningRateAt(
  step: number,
  plan: { readonly steps: number; readonly learningRate: number; readonly warmUp: number },
): number {
  const rising = Math.max(1, Math.round(plan.steps * plan.warmUp));
  if (step < rising) return (plan.learningRate * (step + 1)) / rising;
  const done = Math.min(1, (step - rising) / Math.max(1, plan.steps - rising));
  return plan.learningRate * 0.5 * (1 + Math.cos(Math.PI * done));
}
