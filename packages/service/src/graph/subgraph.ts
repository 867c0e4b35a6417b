import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { ServiceName } from '@deepstyle/contracts';
import { assetPath, DeepStyleError, ERROR_TABLE, type Logger } from '@deepstyle/platform';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';

/** What every resolver is given. */
export interface GraphContext<L extends object = object> {
  /** True where the request carried the API token. */
  readonly authorised: boolean;
  /** The service's loaders, made for this request. */
  readonly loaders: L;
}

// Each resolver's arguments are typed where it is written; GraphQL itself has checked them against the schema.
// biome-ignore lint/suspicious/noExplicitAny: the map holds resolvers of every shape
type Resolver = (parent: any, args: any, context: any) => unknown;
export type GraphResolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;

export interface Subgraph {
  readonly name: string;
  readonly typeDefs: string;
  readonly schema: GraphQLSchema;
  /** A context for one request. */
  readonly context: (authorised: boolean) => GraphContext;
}

/** A service's part of the graph: `services/<name>/schema.graphql` with its resolvers. */
export function createSubgraph(
  name: ServiceName,
  resolvers: GraphResolvers,
  loaders: () => object,
  logger: Logger,
): Subgraph {
  const typeDefs = readFileSync(assetPath(`services/${name}/schema.graphql`), 'utf8');
  return {
    name,
    typeDefs,
    // The signature's resolver map is narrower than what it accepts.
    schema: buildSubgraphSchema({
      typeDefs: parse(typeDefs),
      resolvers: withStableErrors(resolvers, logger) as never,
    }),
    context: (authorised) => ({ authorised, loaders: loaders() }),
  };
}

function withStableErrors(resolvers: GraphResolvers, logger: Logger): GraphResolvers {
  const guarded = (resolve: Resolver): Resolver => {
    return async (parent, args, context) => {
      try {
        return await resolve(parent, args, context);
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
