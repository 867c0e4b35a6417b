import type { ShutdownStack } from '@deepstyle/platform';
import {
  type Bus,
  createJetStreamBus,
  createS3ObjectStore,
  type Database,
  type ObjectStore,
  openPostgresServer,
} from '@deepstyle/storage';
import { serverAvailable, startNats, startPostgres, startS3 } from '@deepstyle/testkit';

/** The servers of a cluster, and this process's own ways to them. */
export interface Stores {
  /** Where they are, as a process of DeepStyle is told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bus: Bus;
  readonly objects: ObjectStore;
  /** The schema of the detector. */
  readonly database: Database;
}

const SERVERS = ['nats', 'postgres', 's3'] as const;
const BUCKET = 'deepstyle';

/** Starts a NATS, a PostgreSQL and an S3 server; the stack ends them. @throws where one is not installed */
export async function startStores(stack: ShutdownStack): Promise<Stores> {
  const missing = SERVERS.filter((name) => !serverAvailable(name));
  if (missing.length > 0) throw new Error(`bench/detector-workers needs ${missing.join(', ')}.`);
  const nats = await startNats();
  stack.defer('nats-server', () => nats.stop());
  const postgres = await startPostgres();
  stack.defer('PostgreSQL', () => postgres.stop());
  const s3 = await startS3();
  stack.defer('S3 server', () => s3.stop());
  const bus = await createJetStreamBus({ url: nats.url });
  stack.defer('bus', () => bus.close());
  const { url: endpoint, accessKey, secretKey } = s3;
  const objects = await createS3ObjectStore({ endpoint, bucket: BUCKET, accessKey, secretKey });
  stack.defer('objects', () => objects.close());
  const databases = await openPostgresServer({ url: postgres.url });
  stack.defer('database', () => databases.close());
  return {
    environment: {
      DATABASE_URL: postgres.url,
      NATS_URL: nats.url,
      S3_ENDPOINT: endpoint,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY: accessKey,
      S3_SECRET_KEY: secretKey,
    },
    bus,
    objects,
    database: await databases.schema('detector'),
  };
}
