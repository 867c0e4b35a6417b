import { composeServices } from '@apollo/composition';
import { readTypeDefs, SERVICE_NAMES } from '@deepstyle/service';
import { parse } from 'graphql';
import { readNodeTypeDefs } from './node-subgraph.ts';

/**
 * The supergraph of all services and the gateway's own `node` subgraph. It is a committed artifact
 * (`gateway/supergraph.graphql`); a test keeps it equal to what this composes.
 *
 * @throws Error listing every composition error
 */
export function composeSupergraph(): string {
  const subgraphs = [
    ...SERVICE_NAMES.map((name) => ({ name, typeDefs: readTypeDefs(name) })),
    { name: 'node', typeDefs: readNodeTypeDefs() },
  ];
  const result = composeServices(
    subgraphs.map(({ name, typeDefs }) => ({
      name,
      // Never dialed: the gateway looks addresses up by name.
      url: `http://${name}.invalid/graphql`,
      typeDefs: parse(typeDefs),
    })),
  );
  if (result.errors !== undefined) {
    throw new Error(
      `The subgraphs do not compose:\n${result.errors.map((error) => error.message).join('\n')}`,
    );
  }
  return `${result.supergraphSdl.trim()}\n`;
}
