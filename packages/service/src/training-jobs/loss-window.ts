/** Means of the losses since they were last taken. @param now seconds, from any origin */
export function createLossWindow<Losses extends Readonly<Record<string, number>>>(
  now: () => number,
) {
  let since = now();
  let count = 0;
  let stepSeconds = 0;
  let sums: Record<string, number> = {};
  return {
    isEmpty: () => count === 0,
    /** @param seconds that the step took */
    add(losses: Losses, seconds: number): void {
      count += 1;
      stepSeconds += seconds;
      for (const [name, value] of Object.entries(losses)) sums[name] = (sums[name] ?? 0) + value;
    },
    /** Seconds since the last taking, whatever was done in them. */
    seconds: () => now() - since,
    take(): { readonly losses: Losses; readonly stepsPerSecond: number } {
      const losses = Object.fromEntries(
        Object.entries(sums).map(([name, sum]) => [name, sum / count]),
      ) as unknown as Losses;
      const stepsPerSecond = count / Math.max(stepSeconds, 1e-9);
      since = now();
      count = 0;
      stepSeconds = 0;
      sums = {};
      return { losses, stepsPerSecond };
    },
  };
}
