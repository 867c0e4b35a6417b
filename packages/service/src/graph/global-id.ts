import { type NodeType, parseGlobalId } from '@deepstyle/contracts/global-id';
import { InvalidArgumentError } from '@deepstyle/platform/errors';

export {
  GLOBAL_ID_PREFIXES,
  globalId,
  type NodeType,
  nodeTypeOf,
} from '@deepstyle/contracts/global-id';

/** The id inside its service. @throws InvalidArgumentError where the id is of another type */
export function localId(type: NodeType, id: string): string {
  const parsed = parseGlobalId(id);
  if (parsed?.type !== type)
    throw new InvalidArgumentError('id', `${id} is not the id of a ${type}`);
  return parsed.localId;
}
