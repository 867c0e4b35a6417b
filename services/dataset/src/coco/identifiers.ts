/** What became of an id: it is none, too large, or had by another row of the same owner, or of another one. */
export type IdProblem = 'invalid' | 'too large' | 'repeated' | 'taken' | null;

/** Hands out ids: the wanted one where it is a whole number from 1 to `max` that nobody has, else a new one. */
export class Identifiers<Owner> {
  readonly #max: number;
  /** Null for ids that were wanted by nobody. */
  readonly #owners = new Map<number, Owner | null>();
  #highest = 0;
  /** Where ids that are free are looked for once the highest is the last. */
  #free = 1;

  constructor(max = Number.MAX_SAFE_INTEGER) {
    this.#max = max;
  }

  /** The wanted id itself; null where it cannot be had. */
  claim(wanted: unknown, owner: Owner): number | null {
    return this.#problemOf(wanted, owner) === null ? this.#keep(wanted as number, owner) : null;
  }

  /** `problem` says why the id is a new one. */
  take(wanted: unknown, owner: Owner): { readonly id: number; readonly problem: IdProblem } {
    const problem = this.#problemOf(wanted, owner);
    const id =
      problem === null ? this.#keep(wanted as number, owner) : this.#keep(this.#next(), null);
    return { id, problem };
  }

  #problemOf(wanted: unknown, owner: Owner): IdProblem {
    if (!Number.isSafeInteger(wanted) || (wanted as number) < 1) return 'invalid';
    if ((wanted as number) > this.#max) return 'too large';
    const owned = this.#owners.get(wanted as number);
    if (owned === undefined) return null;
    return owned === owner ? 'repeated' : 'taken';
  }

  #next(): number {
    if (this.#highest < this.#max) return this.#highest + 1;
    while (this.#owners.has(this.#free)) this.#free += 1;
    return this.#free;
  }

  #keep(id: number, owner: Owner | null): number {
    this.#owners.set(id, owner);
    this.#highest = Math.max(this.#highest, id);
    return id;
  }
}
