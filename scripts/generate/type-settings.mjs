/** How every type that is generated from a GraphQL schema is written. */
export const TYPE_SETTINGS = {
  enumsAsTypes: true,
  immutableTypes: true,
  maybeValue: 'T | null',
  skipTypename: true,
  strictScalars: true,
  useTypeImports: true,
  disableDescriptions: true,
  scalars: { DateTime: 'string' },
};
