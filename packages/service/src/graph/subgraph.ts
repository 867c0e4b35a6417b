import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { ServiceName } from '@deepstyle/contracts';
import { assetPath, DeepStyleError, ERROR_TABLE, type Logger } from '@deepstyle/platform';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';

/** What every resolver is given. */
export interface GraphContext<L extends object = object> {
  /** True where the request carried the API token. */
  readonly authorized: boolean;
  /** The service's loaders, made for this request. */
  readonly loaders: L;
}

/** Any resolver: its own parameters are typed by the code generated from the schema. */
type Resolver = (...given: [parent: never, args: never, context: never, info: never]) => unknown;
export type GraphResolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;

export interface Subgraph {
  readonly name: string;
  readonly typeDefs: string;
  readonly schema: GraphQLSchema;
  /** A context for one request. */
  readonly context: (authorized: boolean) => GraphContext;
}

/** A service's part of the graph as SDL: the shared types, then `services/<name>/schema.graphql`. */
export function readTypeDefs(name: ServiceName): string {
  const files = ['packages/service/src/graph/shared.graphql', `services/${name}/schema.graphql`];
  return files.map((file) => readFileSync(assetPath(file), 'utf8')).join('\n');
}

/** A service's part of the graph: its type definitions with its resolvers. */
export function createSubgraph(
  name: ServiceName,
  resolvers: GraphResolvers,
  loaders: () => object,
  logger: Logger,
): Subgraph {
  const typeDefs = readTypeDefs(name);
  return {
    name,
    typeDefs,
    // The signature's resolver map is narrower than what it accepts.
    schema: buildSubgraphSchema({
      typeDefs: parse(typeDefs),
      resolvers: withStableErrors(resolvers, logger) as never,
    }),
    context: (authorized) => ({ authorized, loaders: loaders() }),
  };
}

function withStableErrors(resolvers: GraphResolvers, logger: Logger): GraphResolvers {
  const guarded = (resolve: Resolver): Resolver => {
    return async (...given) => {
      try {
        return await resolve(...given);
      } catch (error) {
        throw graphError(error, logger);
      }
    };
  };
  return Object.fromEntries(
    Object.entries(resolvers).map(([type, fields]) => [
      type,
      Object.fromEntries(
        Object.entries(fields).map(([field, resolve]) => [
          field,
          // Type resolution answers with a name and is not a field.
          field === '__resolveType' ? resolve : guarded(resolve),
        ]),
      ),
    ]),
  );
}

/** Any failure as a GraphQL error with its stable code; what is not ours to tell stays in the log. */
export function graphError(thrown: unknown, logger: Logger): GraphQLError {
  const error = DeepStyleError.from(thrown);
  if (error.code === 'INTERNAL') logger.error({ error: thrown }, 'a resolver failed');
  return new GraphQLError(error.message, {
    extensions: { code: ERROR_TABLE[error.code].graphql, reason: error.reason },
  });
}
