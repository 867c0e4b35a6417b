import type { GraphQLDataSource } from '@apollo/gateway';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import { disableVendorTelemetry, type Logger } from '@deepstyle/platform';
import {
  DOCUMENT_LIMITS,
  documentOf,
  isAuthorized,
  type ProcessSettings,
  refuseLargeDocument,
  UnauthenticatedError,
} from '@deepstyle/service';
import type { RequestHandler } from 'express';
import { buildSchema, GraphQLError } from 'graphql';
import type { GatewayContext } from './data-sources.ts';
import { formatError } from './format-error.ts';
import { knownOperationKinds, refuseUnfitVariables, resolveOperations } from './operation-rules.ts';
import { queryLimits } from './query-limits.ts';

export interface GraphServer {
  readonly middleware: RequestHandler;
  close(): Promise<void>;
}

/** Who may read, and who may change something. */
export type GraphAccess = Pick<ProcessSettings, 'apiToken' | 'readAccess'>;

/** The federated graph in front of the subgraphs. */
export async function startGraphServer(options: {
  readonly supergraphSdl: string;
  readonly dataSourceOf: (subgraph: string) => GraphQLDataSource<GatewayContext>;
  readonly access: GraphAccess;
  readonly logger: Logger;
}): Promise<GraphServer> {
  disableVendorTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name }) => options.dataSourceOf(name),
    logger: quiet(options.logger),
  });
  const server = new ApolloServer<GatewayContext>({
    gateway,
    introspection: true,
    parseOptions: { maxTokens: DOCUMENT_LIMITS.tokens },
    validationRules: [knownOperationKinds],
    includeStacktraceInErrorResponses: false,
    // Kubernetes and the command line close the process; two listeners for one signal would race.
    stopOnTerminationSignals: false,
    formatError: (formatted, thrown) => formatError(formatted, thrown, options.logger),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      resolveOperations(),
      refuseUnfitVariables(),
      queryLimits(buildSchema(options.supergraphSdl, { assumeValidSDL: true })),
    ],
    logger: quiet(options.logger),
  });
  await server.start();
  return {
    middleware: expressMiddleware(server, {
      // Made before the document is parsed, validated and planned.
      context: async ({ req }) => {
        refuseLargeDocument(documentOf(req), DOCUMENT_LIMITS);
        return admit(req.headers.authorization, options.access);
      },
    }),
    close: () => server.stop(),
  };
}

/** @throws GraphQLError where even reading needs the token */
function admit(authorization: string | undefined, access: GraphAccess): GatewayContext {
  const authorized = isAuthorized(authorization, access.apiToken);
  if (access.readAccess === 'token' && !authorized) {
    const { code, reason, message } = new UnauthenticatedError();
    throw new GraphQLError(message, { extensions: { code, reason, http: { status: 401 } } });
  }
  return { authorized, authorization };
}

// Apollo logs plain strings, and its start-up notes are of no use to those who run DeepStyle.
function quiet(logger: Logger) {
  const line = (write: (fields: object, message: string) => void) => (message?: unknown) =>
    write({ from: 'apollo' }, String(message));
  return {
    debug: () => {},
    info: () => {},
    warn: line((fields, message) => logger.warn(fields, message)),
    error: line((fields, message) => logger.error(fields, message)),
  };
}
