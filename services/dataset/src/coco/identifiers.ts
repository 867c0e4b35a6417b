/** Hands out ids: the wanted one where it is a whole number above 0 that nobody has, else a new one. */
export class Identifiers {
  readonly #taken = new Set<number>();
  #highest = 0;

  /** `problem` says why the id is a new one. */
  take(wanted: unknown): { readonly id: number; readonly problem: 'invalid' | 'taken' | null } {
    const isValid = Number.isSafeInteger(wanted) && (wanted as number) > 0;
    if (isValid && !this.#taken.has(wanted as number)) {
      return { id: this.#keep(wanted as number), problem: null };
    }
    return { id: this.#keep(this.#highest + 1), problem: isValid ? 'taken' : 'invalid' };
  }

  #keep(id: number): number {
    this.#taken.add(id);
    this.#highest = Math.max(this.#highest, id);
    return id;
  }
}
