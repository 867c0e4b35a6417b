/** A service's table of trainings in a database of its own, and a time that the test sets. */
import { join } from 'node:path';
import { createLogger } from '@deepstyle/platform';
import {
  applyMigrations,
  type Database,
  type DatabaseServer,
  openPgliteServer,
  openPostgresServer,
  type Transaction,
} from '@deepstyle/storage';
import { describeWithServer, startPostgres, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type TrainingJob, TrainingTable } from '../src/index.ts';

export interface Course extends TrainingJob<'queued' | 'running' | 'done' | 'failed'> {
  readonly subject: string;
}

export const courses = new TrainingTable<Course>('detector', 'name');

const TABLES = `
  CREATE TABLE trainings (
    name text PRIMARY KEY, subject text NOT NULL, state text NOT NULL, attempt int4 NOT NULL DEFAULT 0,
    unsaved_seconds int4 NOT NULL DEFAULT 0, lease_until timestamptz, step int4 NOT NULL DEFAULT 0, steps int4, detail text,
    checkpoint jsonb, updated_at timestamptz NOT NULL);
  CREATE TABLE marks (name text NOT NULL, step int4 NOT NULL);`;

/** So many seconds after the test began. */
export const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

/** What the tests of one database share; open between `beforeAll` and `afterAll`. */
export class OpenedCourses {
  readonly logger = createLogger({ level: 'silent', name: 'test' });
  seconds = 0;
  #database: Database | undefined;

  readonly clock = () => at(this.seconds);

  get database(): Database {
    if (this.#database === undefined) throw new Error('The database is not open.');
    return this.#database;
  }

  async open(server: DatabaseServer): Promise<void> {
    this.#database = await server.schema('courses');
    await applyMigrations(this.#database, 'test', [{ number: 1, name: 'courses', sql: TABLES }]);
  }

  inTx<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction('test', work);
  }

  async queue(name: string): Promise<string> {
    await this.inTx((tx) =>
      tx.query(
        `INSERT INTO trainings (name, subject, state, updated_at) VALUES ($1, 'drapery', 'queued', $2)`,
        [name, at(0)],
      ),
    );
    return name;
  }

  /** A worker takes it. */
  take(name: string, seconds: number, leaseSeconds = 10) {
    return this.inTx((tx) => courses.take(tx, name, at(seconds), at(seconds + leaseSeconds)));
  }

  async find(name: string): Promise<Course> {
    const [course] = await this.inTx((tx) => courses.find(tx, [name]));
    if (course === undefined) throw new Error(`There is no course ${name}.`);
    return course;
  }
}

/** The same tests on both databases. */
export function describeOnDatabases(title: string, body: (opened: OpenedCourses) => void): void {
  const suite = (start: () => Promise<{ server: DatabaseServer; stop: () => Promise<void> }>) => {
    const opened = new OpenedCourses();
    let close: () => Promise<void>;
    beforeAll(async () => {
      const { server, stop } = await start();
      close = async () => {
        await server.close();
        await stop();
      };
      await opened.open(server);
    });
    afterAll(() => close());
    body(opened);
  };
  describe(`${title} on PGlite`, () => {
    suite(async () => {
      const folder = await temporaryFolder();
      const server = await openPgliteServer({ folder: join(folder.path, 'database') });
      return { server, stop: () => folder.remove() };
    });
  });
  describeWithServer('postgres', `${title} on PostgreSQL`, () => {
    suite(async () => {
      const postgres = await startPostgres();
      const server = await openPostgresServer({ url: postgres.url });
      return { server, stop: () => postgres.stop() };
    });
  });
}
