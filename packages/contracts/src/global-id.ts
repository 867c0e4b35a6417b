/** The prefix of an id says its type, so that `node(id:)` can find the subgraph. Never change one. */
export const GLOBAL_ID_PREFIXES = {
  Run: 'run',
  Photo: 'photo',
  Dataset: 'dataset',
  DetectorModel: 'detector',
  DetectorTraining: 'training',
  Garment: 'garment',
  GanModel: 'gan',
  Design: 'design',
  Collection: 'collection',
  TrendBatch: 'trend',
} as const;

export type NodeType = keyof typeof GLOBAL_ID_PREFIXES;

const NODE_TYPES = new Map<string, NodeType>(
  (Object.keys(GLOBAL_ID_PREFIXES) as NodeType[]).map((type) => [GLOBAL_ID_PREFIXES[type], type]),
);

/** The id that the graph takes, of what `id` is inside its service. */
export function globalId(type: NodeType, id: string): string {
  return `${GLOBAL_ID_PREFIXES[type]}_${id}`;
}

/** The type that a global id is of and the id inside its service, or null where it is the id of nothing. */
export function parseGlobalId(
  id: string,
): { readonly type: NodeType; readonly localId: string } | null {
  const end = id.indexOf('_');
  const type = NODE_TYPES.get(id.slice(0, Math.max(end, 0)));
  return type === undefined ? null : { type, localId: id.slice(end + 1) };
}

/** The type that an id is of, or null. */
export function nodeTypeOf(id: string): NodeType | null {
  return parseGlobalId(id)?.type ?? null;
}
