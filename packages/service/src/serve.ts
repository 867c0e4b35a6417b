import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import {
  addLastAnswers,
  closeOnSignals,
  createHttpApp,
  createLogger,
  DeepStyleError,
  type Environment,
  explainFailure,
  listenHttp,
  processEnvironment,
  readSettings,
} from '@deepstyle/platform';
import type { RequestHandler } from 'express';
import { describeAccess, refuseOpenCalls, requiredServiceTokens } from './access.ts';
import { isAuthorized, isOneOf } from './authorization.ts';
import { type Composition, compose } from './compose.ts';
import {
  documentOf,
  refuseLargeDocument,
  SUBGRAPH_DOCUMENT_LIMITS,
} from './graph/document-limits.ts';
import { readGraphBody } from './graph/request-body.ts';
import type { GraphContext, Subgraph } from './graph/subgraph.ts';
import { SERVICE_TOKEN_HEADER } from './grpc/service-token.ts';
import { PROCESS_SETTINGS } from './process-settings.ts';
import type { Service } from './service.ts';

/** EX_CONFIG (sysexits.h): another attempt would fail in the same way. */
const EXIT_SETTINGS = 78;

/** One service as a process of its own: gRPC, its subgraph and the probes over HTTP, until a signal. */
export async function serve(service: Service): Promise<void> {
  const environment = processEnvironment();
  try {
    const { stack, settings, idle } = await startService(service, environment);
    const logger = createLogger({ level: settings.logLevel, name: service.name });
    closeOnSignals(stack, logger, (code) => process.exit(code === 143 ? 0 : code));
    await idle;
    logger.info({ seconds: settings.workerIdleExitSeconds }, 'closing: no job for this long');
    await stack.close();
    process.exit(0);
  } catch (error) {
    // The last line of the log says why, also where the log level hides it.
    process.stderr.write(`${service.name} did not start: ${explainFailure(error)}\n`);
    process.exit(DeepStyleError.from(error).retryable ? 1 : EXIT_SETTINGS);
  }
}

/** The same, for a test that wants several in one process; closed by its `close`. */
export async function startService(
  service: Service,
  environment: Environment,
  clock?: () => Date,
): Promise<Composition & { readonly httpPort: number }> {
  const told = readSettings(PROCESS_SETTINGS, environment);
  refuseOpenCalls(told);
  const logger = createLogger({ level: told.logLevel, name: service.name });
  const composition = await compose({
    services: [service],
    environment,
    logger,
    ...(clock === undefined ? {} : { clock }),
  });
  const { settings, stack, health } = composition;
  try {
    const app = createHttpApp(health, { host: settings.httpHost, publicUrl: settings.publicUrl });
    for (const subgraph of composition.subgraphs) {
      const server = await startSubgraphServer(subgraph);
      stack.defer('subgraph', () => server.stop());
      app.use(
        '/graphql',
        refuseStrangers(requiredServiceTokens(settings)),
        readGraphBody(),
        middleware(server, subgraph, settings.apiToken),
      );
    }
    addLastAnswers(app, logger);
    const http = await listenHttp(app, {
      port: settings.httpPort,
      host: settings.httpHost,
      setting: 'HTTP_PORT',
    });
    stack.defer('HTTP server', () => http.close());
    health.markReady();
    logger.info({}, describeAccess(settings, 'service'));
    logger.info({ http: http.port, grpc: composition.grpcPort, role: settings.role }, 'ready');
    return { ...composition, httpPort: http.port };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** Refuses a request to a subgraph that does not carry one of the tokens; none: it refuses nobody. */
function refuseStrangers(tokens: readonly string[]): RequestHandler {
  if (tokens.length === 0) return (_request, _response, next) => next();
  return (request, response, next) => {
    if (isOneOf(request.get(SERVICE_TOKEN_HEADER) ?? '', tokens)) next();
    else response.status(401).type('text/plain').send('Unauthorized.');
  };
}

async function startSubgraphServer(subgraph: Subgraph): Promise<ApolloServer<GraphContext>> {
  const server = new ApolloServer<GraphContext>({
    schema: subgraph.schema,
    parseOptions: { maxTokens: SUBGRAPH_DOCUMENT_LIMITS.tokens },
    includeStacktraceInErrorResponses: false,
    // It would answer SIGTERM by sending a second one, which ends the process before its work is saved.
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginInlineTraceDisabled()],
  });
  await server.start();
  return server;
}

function middleware(
  server: ApolloServer<GraphContext>,
  subgraph: Subgraph,
  token: string | undefined,
): RequestHandler {
  return expressMiddleware(server, {
    // Made before the document is parsed, validated and executed.
    context: async ({ req }) => {
      refuseLargeDocument(documentOf(req), SUBGRAPH_DOCUMENT_LIMITS);
      return subgraph.context(isAuthorized(req.headers.authorization, token));
    },
  });
}
