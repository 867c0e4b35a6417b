/**
 * p-values adjusted for their number (Holm 1979, "A simple sequentially rejective multiple test procedure"): the
 * chance that even one of the calls at adjusted p < α is wrong stays below α, however the comparisons depend on each
 * other.
 *
 *     sorted ascending, adjusted_(i) = max over j <= i of min(1, (m - j + 1) p_(j))
 *
 * @param pValues in [0, 1], any order
 * @returns the adjusted values in the same order
 */
export function holmAdjust(pValues: readonly number[]): number[] {
  const m = pValues.length;
  const ascending = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(m).fill(1);
  let highest = 0;
  for (const [rank, { p, index }] of ascending.entries()) {
    highest = Math.max(highest, Math.min(1, (m - rank) * p));
    adjusted[index] = highest;
  }
  return adjusted;
}
