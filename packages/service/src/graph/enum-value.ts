/** A word of the domain as a value of the graph's enum: `types` becomes `TYPES`. */
export function enumValue<T extends string>(word: T): Uppercase<T> {
  return word.toUpperCase() as Uppercase<T>;
}
