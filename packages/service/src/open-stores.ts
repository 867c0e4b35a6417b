import {
  DeepStyleError,
  type Logger,
  SettingsError,
  type ShutdownStack,
} from '@deepstyle/platform';
import {
  type Bus,
  type DatabaseServer,
  type ObjectStore,
  type OpenedObjects,
  openBus,
  openDatabaseServer,
  openObjects,
} from '@deepstyle/storage';
import { prepareDataFolder } from './data-folder.ts';
import type { ProcessSettings } from './process-settings.ts';

/** The three stores of a process. */
export interface Stores {
  readonly databases: DatabaseServer;
  readonly objects: ObjectStore;
  readonly verifySignedUrl: OpenedObjects['verifySignedUrl'];
  readonly bus: Bus;
}

/** A store's own failure, and the setting that leads to it. */
class StoreNotOpenedError extends DeepStyleError {
  constructor(error: DeepStyleError, settings: string) {
    super({
      code: error.code,
      reason: error.reason,
      message: `${error.message} Check ${settings}.`,
      cause: error.cause,
    });
  }
}

/** Opens a store by its settings. @throws StoreNotOpenedError where it was named by a setting */
async function withSettingNamed<T>(settings: string | null, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (settings === null || !(error instanceof DeepStyleError)) throw error;
    throw new StoreNotOpenedError(error, settings);
  }
}

/** The database that the settings name: a PostgreSQL, or the embedded one in the data folder. */
export function openDatabaseFromSettings(
  settings: ProcessSettings,
  logger?: Logger,
): Promise<DatabaseServer> {
  const { dataFolder, databaseUrl } = settings;
  return withSettingNamed(databaseUrl === undefined ? null : 'DATABASE_URL', async () => {
    if (databaseUrl === undefined) prepareDataFolder(dataFolder);
    return openDatabaseServer({ dataFolder, url: databaseUrl, logger });
  });
}

/** The bus that the settings name: NATS, or tables of the database. */
export function openBusFromSettings(
  settings: ProcessSettings,
  databases: DatabaseServer,
  logger?: Logger,
): Promise<Bus> {
  const { natsUrl, eventsMaxMb } = settings;
  const retention = eventsMaxMb === 0 ? {} : { maxBytes: eventsMaxMb * 1e6 };
  return withSettingNamed(natsUrl === undefined ? null : 'NATS_URL', () =>
    openBus({ databaseServer: databases, natsUrl, retention, logger }),
  );
}

/**
 * The object store that the settings name: an S3 server, or files in the data folder.
 *
 * @throws SettingsError where an S3 server is named without its keys
 */
export async function openObjectsFromSettings(settings: ProcessSettings): Promise<OpenedObjects> {
  const { dataFolder, s3Endpoint, s3Region, s3Bucket, s3AccessKey, s3SecretKey } = settings;
  const publicUrl = settings.publicUrl ?? `http://${settings.httpHost}:${settings.httpPort}`;
  if (s3Endpoint === undefined) {
    prepareDataFolder(dataFolder);
    return openObjects({ dataFolder, publicUrl });
  }
  const missing = Object.entries({ S3_ACCESS_KEY: s3AccessKey, S3_SECRET_KEY: s3SecretKey })
    .filter(([, value]) => value === undefined)
    .map(([env]) => `${env} is missing, and S3_ENDPOINT needs it`);
  if (missing.length > 0) throw new SettingsError(missing);
  return withSettingNamed('S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY and S3_BUCKET', () =>
    openObjects({
      dataFolder,
      publicUrl,
      s3: {
        endpoint: s3Endpoint,
        region: s3Region,
        bucket: s3Bucket,
        accessKey: s3AccessKey ?? '',
        secretKey: s3SecretKey ?? '',
      },
    }),
  );
}

/** Opens all three; each is closed by the stack. */
export async function openStores(
  settings: ProcessSettings,
  stack: ShutdownStack,
  logger: Logger,
): Promise<Stores> {
  const databases = await openDatabaseFromSettings(settings, logger);
  stack.defer('database', () => databases.close());
  const { store: objects, verifySignedUrl } = await openObjectsFromSettings(settings);
  stack.defer('objects', () => objects.close());
  const bus = await openBusFromSettings(settings, databases, logger);
  stack.defer('bus', () => bus.close());
  return { databases, objects, verifySignedUrl, bus };
}
