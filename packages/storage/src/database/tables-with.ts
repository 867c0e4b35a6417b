type Overrides<Tables> = {
  readonly [Table in keyof Tables]?: { readonly [Column in keyof Tables[Table]]?: unknown };
};

/** The generated tables with the types that SQL does not know: those of json columns. */
export type TablesWith<Tables, Columns extends Overrides<Tables>> = {
  [Table in keyof Tables]: Table extends keyof Columns
    ? Omit<Tables[Table], keyof Columns[Table]> & Columns[Table]
    : Tables[Table];
};
