import { existsSync, readFileSync } from 'node:fs';
import { addLastAnswers, assetPath, type Logger } from '@deepstyle/platform';
import { readGraphBody, type Subgraph } from '@deepstyle/service';
import type { ObjectStore, OpenedObjects } from '@deepstyle/storage';
import type { Express } from 'express';
import { localDataSource, remoteDataSource } from './data-sources.ts';
import { type GraphAccess, startGraphServer } from './graph-server.ts';
import { imageRoute } from './images.ts';
import { createNodeSubgraph } from './node-subgraph.ts';
import { servePage } from './page.ts';
import { signedObjectRoute } from './signed-objects.ts';

export interface GatewayOptions {
  /** The app it adds its routes to. */
  readonly app: Express;
  /** Subgraphs that run in this process. */
  readonly subgraphs: readonly Subgraph[];
  /** Addresses of those that do not. */
  readonly subgraphUrls: Readonly<Record<string, string | undefined>>;
  readonly objects: ObjectStore;
  /** Of the filesystem store; null where the object server serves its own signed URLs. */
  readonly verifySignedUrl: OpenedObjects['verifySignedUrl'];
  readonly access: GraphAccess;
  /** Shown to the subgraphs that do not run here. */
  readonly serviceToken?: string | undefined;
  readonly logger: Logger;
}

/** Adds the graph, the images and the page to an app; nothing may be added after them. */
export async function mountGateway(options: GatewayOptions): Promise<{ close(): Promise<void> }> {
  const { app, logger } = options;
  const local = new Map(
    [...options.subgraphs, createNodeSubgraph(logger)].map((one) => [one.name, one]),
  );
  const graph = await startGraphServer({
    supergraphSdl: readFileSync(assetPath('gateway/supergraph.graphql'), 'utf8'),
    dataSourceOf: (name) => {
      const subgraph = local.get(name);
      if (subgraph !== undefined) return localDataSource(subgraph);
      const url = options.subgraphUrls[name] ?? `http://${name}.invalid/graphql`;
      return remoteDataSource(name, url, options.serviceToken);
    },
    access: options.access,
    logger,
  });
  app.use('/graphql', readGraphBody(), graph.middleware);
  app.get('/images/*key', imageRoute(options.objects));
  if (options.verifySignedUrl !== null) {
    app.get('/objects/*key', signedObjectRoute(options.objects, options.verifySignedUrl));
  }
  const page = assetPath('dist/web');
  if (existsSync(page)) servePage(app, page);
  addLastAnswers(app, logger);
  return { close: () => graph.close() };
}
