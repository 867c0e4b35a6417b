/** What became of an id. */
export type IdProblem = 'invalid' | 'too large' | 'taken' | null;

/** Hands out ids: the wanted one where it is a whole number from 1 to `max` that nobody has, else a new one. */
export class Identifiers {
  readonly #max: number;
  readonly #taken = new Set<number>();
  #highest = 0;
  /** Where ids that are free are looked for once the highest is the last. */
  #free = 1;

  constructor(max = Number.MAX_SAFE_INTEGER) {
    this.#max = max;
  }

  /** The wanted id itself; null where it cannot be had. */
  claim(wanted: unknown): number | null {
    return this.#problemOf(wanted) === null ? this.#keep(wanted as number) : null;
  }

  /** `problem` says why the id is a new one. */
  take(wanted: unknown): { readonly id: number; readonly problem: IdProblem } {
    const problem = this.#problemOf(wanted);
    return { id: this.#keep(problem === null ? (wanted as number) : this.#next()), problem };
  }

  #problemOf(wanted: unknown): IdProblem {
    if (!Number.isSafeInteger(wanted) || (wanted as number) < 1) return 'invalid';
    if ((wanted as number) > this.#max) return 'too large';
    return this.#taken.has(wanted as number) ? 'taken' : null;
  }

  #next(): number {
    if (this.#highest < this.#max) return this.#highest + 1;
    while (this.#taken.has(this.#free)) this.#free += 1;
    return this.#free;
  }

  #keep(id: number): number {
    this.#taken.add(id);
    this.#highest = Math.max(this.#highest, id);
    return id;
  }
}
