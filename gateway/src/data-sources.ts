import {
  type GraphQLDataSource,
  type GraphQLDataSourceProcessOptions,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import {
  currentTrace,
  onceMoreAfterReset,
  outgoingTraceparent,
  type SpanKind,
  withSpan,
} from '@deepstyle/platform';
import { SERVICE_TOKEN_HEADER, type Subgraph } from '@deepstyle/service';
import {
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  getOperationAST,
  parse,
} from 'graphql';

/** What the gateway knows of a request. */
export interface GatewayContext {
  /** True where the request carried the API token. */
  readonly authorized: boolean;
  /** Passed on, so that each subgraph checks the token itself. */
  readonly authorization: string | undefined;
}

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;
type Answer = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>;

/** A subgraph in this process. */
export function localDataSource(subgraph: Subgraph): GraphQLDataSource<GatewayContext> {
  return {
    process: (options: Options) =>
      inSubgraphSpan(subgraph.name, 'internal', () => executeLocally(subgraph, options)),
  };
}

async function executeLocally(subgraph: Subgraph, { request, context }: Options): Promise<Answer> {
  const result: ExecutionResult = await execute({
    schema: subgraph.schema,
    document: parse(request.query ?? ''),
    variableValues: request.variables ?? {},
    operationName: request.operationName ?? null,
    contextValue: subgraph.context(context.authorized ?? false),
  });
  // The gateway takes formatted errors, as a remote subgraph would send them.
  const errors = result.errors?.map((error): GraphQLFormattedError => error.toJSON());
  return { data: result.data ?? null, ...(errors === undefined ? {} : { errors }) } as Answer;
}

function inSubgraphSpan(
  subgraph: string,
  kind: SpanKind,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const attributes = { 'deepstyle.subgraph': subgraph };
  return withSpan({ name: `subgraph ${subgraph}`, kind, parent: currentTrace(), attributes }, work);
}

/** A subgraph in another process did not answer, or not as one. */
export class SubgraphFailedError extends Error {
  constructor(subgraph: string, cause: unknown) {
    super(`${subgraph}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = new.target.name;
  }
}

const SUBGRAPH_TIMEOUT_MS = 20_000;

/** A subgraph in another process; Apollo's own data source has no time limit, so its fetcher is given one. */
export function remoteDataSource(
  name: string,
  url: string,
  serviceToken?: string,
): GraphQLDataSource<GatewayContext> {
  const remote = new RemoteGraphQLDataSource<GatewayContext>({
    url,
    fetcher: ((address: string, init: RequestInit) =>
      fetch(address, { ...init, signal: AbortSignal.timeout(SUBGRAPH_TIMEOUT_MS) })) as never,
    willSendRequest: ({ request, context }) => {
      request.http?.headers.set('traceparent', outgoingTraceparent());
      if (serviceToken !== undefined) {
        request.http?.headers.set(SERVICE_TOKEN_HEADER, serviceToken);
      }
      if (context.authorization !== undefined) {
        request.http?.headers.set('authorization', context.authorization);
      }
    },
  });
  return {
    process: (options: Options) =>
      inSubgraphSpan(name, 'client', () =>
        onceMoreAfterReset(
          () => isQuery(options),
          () => remote.process(options),
        ),
      ).catch((cause: unknown) => {
        throw new SubgraphFailedError(name, cause);
      }),
  };
}

function isQuery({ request }: Options): boolean {
  const operation = getOperationAST(parse(request.query ?? ''), request.operationName);
  return operation?.operation === 'query';
}
