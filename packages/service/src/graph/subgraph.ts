import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { ServiceName } from '@deepstyle/contracts';
import { findTextProblem } from '@deepstyle/contracts/request-rules';
import {
  assetPath,
  DeepStyleError,
  ERROR_TABLE,
  InvalidArgumentError,
  type Logger,
} from '@deepstyle/platform';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { mutate } from './mutation.ts';

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

/** A service's part of the graph as SDL: what all subgraphs have, then `services/<name>/schema.graphql`. */
export function readTypeDefs(name: ServiceName): string {
  const common = ['shared', 'dead-letters'].map(
    (file) => `packages/service/src/graph/${file}.graphql`,
  );
  return [...common, `services/${name}/schema.graphql`]
    .map((file) => readFileSync(assetPath(file), 'utf8'))
    .join('\n');
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
      resolvers: guardResolvers(resolvers, logger) as never,
    }),
    context: (authorized) => ({ authorized, loaders: loaders() }),
  };
}

/** Resolvers as whatever comes from outside meets them: given text alone, and failing with stable codes. */
export function guardResolvers(resolvers: GraphResolvers, logger: Logger): GraphResolvers {
  return Object.fromEntries(
    Object.entries(resolvers).map(([type, fields]) => [
      type,
      Object.fromEntries(
        Object.entries(withReference(fields)).map(([field, resolve]) => [
          field,
          // Type resolution answers with a name and is not a field.
          field === '__resolveType' ? resolve : guarded(type, field, resolve, logger),
        ]),
      ),
    ]),
  );
}

/** What stands for an entity comes from outside: it is looked at also where it is taken for the node. */
function withReference(fields: GraphResolvers[string]): GraphResolvers[string] {
  if ('__resolveType' in fields) return fields;
  return { __resolveReference: (reference: unknown) => reference, ...fields };
}

function guarded(type: string, field: string, resolve: Resolver, logger: Logger): Resolver {
  return async (...given) => {
    const [reference, args, context] = given;
    try {
      const refused = refusedText(field === '__resolveReference' ? reference : args);
      if (refused === null) return await resolve(...given);
      if (type !== 'Mutation') throw refused;
      return await mutate(context, () => Promise.reject(refused));
    } catch (error) {
      throw graphError(error, logger);
    }
  };
}

/** Fields of an `input` are told as people know them: without that word before them. */
function refusedText(given: unknown): InvalidArgumentError | null {
  const found = findTextProblem(given);
  return found && new InvalidArgumentError(found.field.replace(/^input\./, ''), found.problem);
}

/** Any failure as a GraphQL error with its stable code; what is not ours to tell stays in the log. */
function graphError(thrown: unknown, logger: Logger): GraphQLError {
  const error = DeepStyleError.from(thrown);
  if (error.code === 'INTERNAL') logger.error({ error: thrown }, 'a resolver failed');
  return new GraphQLError(error.message, {
    extensions: { code: ERROR_TABLE[error.code].graphql, reason: error.reason },
  });
}
