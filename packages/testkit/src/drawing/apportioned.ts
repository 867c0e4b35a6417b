export interface Portion<Name extends string> {
  readonly name: Name;
  /** In [0, 1]; all together 1. */
  readonly share: number;
  /** Whether the share differs from season to season. */
  readonly moves: boolean;
}

/**
 * Names repeated to `count` in all, as near to the shares as whole numbers can be. What is left after rounding down goes
 * first to names whose share moves, so that those that stay keep their count through all seasons.
 */
export function apportioned<Name extends string>(
  portions: readonly Portion<Name>[],
  count: number,
): Name[] {
  const rows = portions.map(({ name, share, moves }) => {
    const exact = share * count;
    const whole = Math.floor(exact + 1e-9);
    return { name, whole, claim: exact - whole + (moves ? 1 : 0) };
  });
  const missing = count - rows.reduce((sum, { whole }) => sum + whole, 0);
  const byClaim = [...rows].sort((one, other) => other.claim - one.claim);
  for (const row of byClaim.slice(0, missing)) row.whole++;
  return rows.flatMap(({ name, whole }) => Array.from({ length: whole }, () => name));
}

/** The items over and over, `count` in all. */
export function rounds<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[i % items.length] as T);
}
