import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { assetPath } from '@deepstyle/platform';
import { SERVICE_NAMES, type ServiceName } from '@deepstyle/service';
import { type DatabaseServer, migrate, openBus, openDatabaseServer } from '@deepstyle/storage';
import {
  describeWithServer,
  findProgram,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestFolder, writeLists } from '../../services/dataset/test/drawn-deepfashion.ts';
import { runDataset } from '../../services/dataset/test/running-dataset.ts';

const run = promisify(execFile);
const DENIED = { sqlState: '42501' };
const schemaOf = (service: ServiceName): string => service.replaceAll('-', '_');

describeWithServer(
  ['nats', 'postgres'],
  'a role of the database for each service, as k8s/database/roles.sql makes them',
  () => {
    let nats: NatsServer;
    let postgres: PostgresServer;
    const opened = new Map<ServiceName, DatabaseServer>();

    const psql = (...args: string[]) =>
      run(findProgram('psql') ?? 'psql', [
        ...['--dbname', postgres.url, '--set=ON_ERROR_STOP=1', '--quiet', ...args],
      ]);
    const urlOf = (service: ServiceName): string => {
      const url = new URL(postgres.url);
      url.username = `deepstyle_${schemaOf(service)}`;
      url.password = `password of the ${service}`;
      return url.href;
    };
    const query = async (service: ServiceName, sql: string) => {
      const database = await opened.get(service)!.schema(schemaOf(service));
      return database.transaction('test.query', (tx) => tx.query(sql));
    };
    /** As a service does at its start. */
    const start = async (server: DatabaseServer, service: ServiceName) => {
      await migrate(
        await server.schema(schemaOf(service)),
        assetPath(`services/${service}/migrations`),
      );
      await (await openBus({ databaseServer: server, natsUrl: nats.url })).close();
    };

    beforeAll(async () => {
      [nats, postgres] = await Promise.all([startNats(), startPostgres()]);
      // Two services have run under one role for all.
      const all = await openDatabaseServer({ dataFolder: '', url: postgres.url });
      for (const service of ['scraper', 'gan-trainer'] as const) await start(all, service);
      await all.close();
      const roles = assetPath('k8s/database/roles.sql');
      for (let time = 0; time < 2; time += 1) await psql('--file', roles);
      for (const service of SERVICE_NAMES) {
        const role = `deepstyle_${schemaOf(service)}`;
        await psql('--command', `ALTER ROLE ${role} PASSWORD 'password of the ${service}'`);
        const server = await openDatabaseServer({ dataFolder: '', url: urlOf(service) });
        opened.set(service, server);
        await start(server, service);
      }
    });
    afterAll(async () => {
      for (const server of opened.values()) await server.close();
      await Promise.all([nats.stop(), postgres.stop()]);
    });

    test.each(SERVICE_NAMES)(
      'lets the %s into its own schema, and into no other',
      async (service) => {
        expect(await query(service, 'SELECT * FROM migrations')).not.toEqual([]);
        await query(service, 'UPDATE migrations SET applied_at = now()');
        for (const other of SERVICE_NAMES.filter((name) => name !== service)) {
          const table = `${schemaOf(other)}.migrations`;
          for (const sql of [
            `SELECT * FROM ${table}`,
            `DELETE FROM ${table}`,
            `DROP TABLE ${table}`,
          ])
            await expect(query(service, sql)).rejects.toMatchObject(DENIED);
          const taken = query(service, `CREATE TABLE ${schemaOf(other)}.taken (id text)`);
          await expect(taken).rejects.toMatchObject(DENIED);
          const become = query(service, `SET LOCAL ROLE deepstyle_${schemaOf(other)}`);
          await expect(become).rejects.toMatchObject(DENIED);
        }
        const made = query(service, 'CREATE SCHEMA another');
        await expect(made).rejects.toMatchObject(DENIED);
      },
    );

    test('lets none of them name another installation', async () => {
      for (const service of SERVICE_NAMES) {
        expect(await query(service, 'SELECT id FROM installation.installation')).toHaveLength(1);
        const renamed = query(
          service,
          'UPDATE installation.installation SET id = gen_random_uuid()',
        );
        await expect(renamed).rejects.toMatchObject(DENIED);
      }
    });

    test('is all that a service needs to take work and finish it', async () => {
      const settings = { DATABASE_URL: urlOf('dataset'), NATS_URL: nats.url };
      const service = await runDataset({ settings });
      const folder = createTestFolder();
      writeLists(folder);
      const { progress } = await service.imported({ folder: folder.path });
      expect(progress.state).toBe('DONE');
      folder.remove();
      await service.close();
    });
  },
);
