import { InvalidArgumentError } from '@deepstyle/platform';

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

export function globalId(type: NodeType, id: string): string {
  return `${GLOBAL_ID_PREFIXES[type]}_${id}`;
}

/** The id inside its service. @throws InvalidArgumentError where the id is of another type */
export function localId(type: NodeType, id: string): string {
  const prefix = `${GLOBAL_ID_PREFIXES[type]}_`;
  if (!id.startsWith(prefix))
    throw new InvalidArgumentError('id', `${id} is not the id of a ${type}`);
  return id.slice(prefix.length);
}

/** The type that an id is of, or null. */
export function nodeTypeOf(id: string): NodeType | null {
  const prefix = id.slice(0, id.indexOf('_'));
  const types = Object.keys(GLOBAL_ID_PREFIXES) as NodeType[];
  return types.find((type) => GLOBAL_ID_PREFIXES[type] === prefix) ?? null;
}
