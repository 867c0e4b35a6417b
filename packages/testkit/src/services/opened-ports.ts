import type { AnyEvent, EventType, ServiceCalls, ServiceName } from '@deepstyle/contracts';
import {
  assetPath,
  createLogger,
  type Environment,
  readSettings,
  type SettingsTable,
} from '@deepstyle/platform';
import type { ServiceOutbox, ServicePorts } from '@deepstyle/service';
import {
  type Database,
  migrate,
  type ObjectStore,
  openDatabaseServer,
  openObjects,
  type Transaction,
} from '@deepstyle/storage';
import { temporaryFolder } from '../temporary-folder.ts';

/** An event or a job that left with its transaction. */
export interface Published {
  /** An event's type, or `job <kind>`. */
  readonly type: EventType | `job ${string}`;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of its type
  readonly data: AnyEvent['data'] & any;
}

/** The ports of a service without a process around them: its use cases can be called one by one. */
export interface OpenedPorts<Settings extends object> {
  readonly ports: ServicePorts<Settings>;
  /** What was published by transactions that were committed, in order. */
  published(): Promise<readonly Published[]>;
  close(): Promise<void>;
}

export interface OpenPortsOptions<Settings extends object> {
  readonly name: ServiceName;
  readonly settings: SettingsTable<Settings>;
  readonly environment?: Environment;
  /** What the other services answer; a call that is not named fails. */
  readonly calls?: Partial<ServiceCalls>;
}

/** Over embedded stores in a folder of the test's own. */
export async function openPorts<Settings extends object>(
  options: OpenPortsOptions<Settings>,
): Promise<OpenedPorts<Settings>> {
  const folder = await temporaryFolder(options.name);
  const server = await openDatabaseServer({ dataFolder: folder.path });
  const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
  const database = await server.schema(options.name.replaceAll('-', '_'));
  const opened = await portsOver(database, store, options);
  return {
    ...opened,
    close: async () => {
      await store.close();
      await server.close();
      await folder.remove();
    },
  };
}

/** Over stores that are open. What is published lands in a table, in its transaction. */
export async function portsOver<Settings extends object>(
  database: Database,
  objects: ObjectStore,
  { name, settings, environment = {}, calls = {} }: OpenPortsOptions<Settings>,
): Promise<Omit<OpenedPorts<Settings>, 'close'>> {
  await migrate(database, assetPath(`services/${name}/migrations`));
  await database.transaction('test.table', (tx) =>
    tx.script('CREATE TABLE IF NOT EXISTS published (at serial, type text, id text, data jsonb)'),
  );
  const ports: ServicePorts<Settings> = {
    settings: readSettings(settings, environment),
    logger: createLogger({ level: 'silent', name }),
    database,
    objects,
    outbox: tableOutbox(),
    calls: onlyThese(calls),
    clock: () => new Date(),
  };
  return {
    ports,
    published: () =>
      database.transaction('test.published', (tx) =>
        tx.query<Published>('SELECT type, id, data FROM published ORDER BY at'),
      ),
  };
}

function tableOutbox(): ServiceOutbox {
  const write = async (tx: Transaction, type: string, data: object, id = ''): Promise<void> => {
    const row = [type, id, JSON.stringify(data)];
    await tx.query('INSERT INTO published (type, id, data) VALUES ($1, $2, $3::jsonb)', row);
  };
  return {
    publish: write,
    publishAll: async (tx, type, events) => {
      for (const { data, id } of events) await write(tx, type, data, id);
    },
    enqueue: (tx, kind, payload, id) => write(tx, `job ${kind}`, payload, id),
  };
}

function onlyThese(calls: Partial<ServiceCalls>): ServiceCalls {
  return new Proxy(calls, {
    get: (known, name) => {
      const call: unknown = Reflect.get(known, name);
      if (call === undefined) throw new Error(`the test answers no call ${String(name)}`);
      return call;
    },
  }) as ServiceCalls;
}
