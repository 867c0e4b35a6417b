import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@deepstyle/platform';
import type { Bus } from './bus/bus.ts';
import { createEmbeddedBus } from './bus/embedded/embedded-bus.ts';
import { createJetStreamBus } from './bus/jetstream/jetstream-bus.ts';
import type { Retention } from './bus/retention.ts';
import { checkDataFolderPart } from './data-folder-parts.ts';
import type { Database, DatabaseServer } from './database/database.ts';
import { openPgliteServer } from './database/pglite-server.ts';
import { openPostgresServer } from './database/postgres-server.ts';
import { readInstallationId } from './installation.ts';
import { createFilesystemObjectStore } from './objects/filesystem-store.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { createS3ObjectStore, type S3ObjectStoreOptions } from './objects/s3-store.ts';
import { verifySignedUrl } from './objects/signed-url.ts';
import { readSigningKey } from './objects/signing-key.ts';

// Which adapter stands behind each port: the embedded one, unless the address of a server is given.

export type S3Settings = S3ObjectStoreOptions;

export interface ObjectsSettings {
  /** Where the embedded store keeps its files (`objects/` below). */
  readonly dataFolder: string;
  readonly s3?: S3Settings | undefined;
  /** Public address of the HTTP server, for signed URLs of the embedded store. */
  readonly publicUrl: string;
  /** Signs URLs of the embedded store; default: a key of its own, kept in the data folder. */
  readonly signingKey?: string | undefined;
}

export interface OpenedObjects {
  readonly store: ObjectStore;
  /** The key that a signed URL opens; throws SignedUrlError. Null where the S3 server itself serves signed URLs. */
  readonly verifySignedUrl: ((url: string) => string) | null;
}

export async function openObjects(settings: ObjectsSettings): Promise<OpenedObjects> {
  if (settings.s3 !== undefined) {
    return { store: await createS3ObjectStore(settings.s3), verifySignedUrl: null };
  }
  const root = join(settings.dataFolder, 'objects');
  checkDataFolderPart(settings.dataFolder, 'objects/objects');
  await mkdir(join(root, 'objects'), { recursive: true });
  const signingKey = settings.signingKey ?? readSigningKey(settings.dataFolder);
  const store = await createFilesystemObjectStore({
    root,
    baseUrl: settings.publicUrl,
    signingKey,
  });
  return { store, verifySignedUrl: (url) => verifySignedUrl(signingKey, url) };
}

export interface DatabaseSettings {
  /** Where the embedded database keeps its files (`database/` below). */
  readonly dataFolder: string;
  /** `postgres://…` */
  readonly url?: string | undefined;
  readonly maxConnections?: number | undefined;
  readonly logger?: Logger | undefined;
}

export async function openDatabaseServer(settings: DatabaseSettings): Promise<DatabaseServer> {
  const { dataFolder, url, maxConnections, logger } = settings;
  if (url === undefined) {
    checkDataFolderPart(dataFolder, 'database');
    return openPgliteServer({ folder: join(dataFolder, 'database'), logger });
  }
  return openPostgresServer({
    url,
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(logger === undefined ? {} : { logger }),
  });
}

export interface BusSettings {
  /** Holds the embedded bus, in its schema `bus`; and the installation, whose the streams of a NATS server are. */
  readonly databaseServer: DatabaseServer;
  /** `nats://…` */
  readonly natsUrl?: string | undefined;
  /** The text of a NATS `.creds` file. */
  readonly natsCredentials?: string | undefined;
  readonly replicas?: number | undefined;
  readonly retention?: Retention | undefined;
  readonly logger?: Logger | undefined;
}

export async function openBus(settings: BusSettings): Promise<Bus> {
  const { databaseServer, natsUrl, natsCredentials, replicas, retention, logger } = settings;
  const shared = {
    ...(retention === undefined ? {} : { retention }),
    ...(logger === undefined ? {} : { logger }),
  };
  if (natsUrl === undefined) {
    const database: Database = await databaseServer.schema('bus');
    return createEmbeddedBus({ database, ...shared });
  }
  return createJetStreamBus({
    url: natsUrl,
    installation: await readInstallationId(databaseServer),
    ...(natsCredentials === undefined ? {} : { credentials: natsCredentials }),
    ...(replicas === undefined ? {} : { replicas }),
    ...shared,
  });
}
