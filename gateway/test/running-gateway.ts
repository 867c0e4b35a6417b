import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Environment } from '@deepstyle/platform';
import { SERVICE_NAMES, type Subgraph } from '@deepstyle/service';
import { type ObjectStore, openObjects } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { execute, type GraphQLError, parse } from 'graphql';
import { startGateway } from '../src/serve-gateway.ts';

/** A gateway as a process of its own would run it, and the store that it serves from. */
export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly objects: ObjectStore;
  ask(query: string, variables?: object): Promise<GraphAnswer>;
  close(): Promise<void>;
}

export interface GraphAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  readonly data: any;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** @param subgraphUrl where every service's subgraph is; nothing answers there by default */
export async function runGateway(
  subgraphUrl = 'http://127.0.0.1:9/graphql',
  settings: Environment = {},
): Promise<TestGateway> {
  const folder = await temporaryFolder('gateway');
  const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
  const gateway = await startGateway({
    ...subgraphUrls(subgraphUrl),
    DEEPSTYLE_DATA: folder.path,
    HTTP_PORT: '0',
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const url = `http://127.0.0.1:${gateway.httpPort}`;
  return {
    url,
    port: gateway.httpPort,
    objects: store,
    ask: async (query, variables = {}) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphAnswer;
    },
    close: async () => {
      await gateway.close();
      await store.close();
      await folder.remove();
    },
  };
}

/** `SCRAPER_GRAPH_URL` and its like, all the same. */
export function subgraphUrls(url: string): Record<string, string> {
  const variable = (name: string) => `${name.toUpperCase().replaceAll('-', '_')}_GRAPH_URL`;
  return Object.fromEntries(SERVICE_NAMES.map((name) => [variable(name), url]));
}

/** Serves one subgraph by HTTP, as the process of its service does. */
export async function serveSubgraph(
  subgraph: Subgraph,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { query, variables } = (await json(request)) as { query: string; variables: object };
      const result = await execute({
        schema: subgraph.schema,
        document: parse(query),
        variableValues: { ...variables },
        contextValue: subgraph.context(request.headers.authorization !== undefined),
      });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
    };
    void answer();
  });
  const port = await listenAnywhere(server);
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
