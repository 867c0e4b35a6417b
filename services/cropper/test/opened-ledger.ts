import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventType, RunReference } from '@deepstyle/contracts';
import { assetPath } from '@deepstyle/platform';
import type { ServiceOutbox } from '@deepstyle/service';
import { type Database, migrate, openPgliteServer, type Transaction } from '@deepstyle/storage';
import type { GarmentRecord } from '../src/records.ts';
import { createRunLedger, type RunLedger } from '../src/run-ledger.ts';

export interface Published {
  readonly type: EventType;
  readonly id: string;
  readonly data: { readonly [key: string]: unknown };
}

export interface OpenedLedger {
  readonly database: Database;
  readonly ledger: RunLedger;
  readonly outbox: ServiceOutbox;
  /** What was published for a run, in order. */
  published(runId: string): Promise<readonly Published[]>;
  close(): Promise<void>;
}

/** A ledger over the embedded database in a temporary folder. */
export async function openLedger(): Promise<OpenedLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'cropper-'));
  const server = await openPgliteServer({ folder });
  const opened = await ledgerOver(await server.schema('cropper'));
  return {
    ...opened,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A ledger over a database. What it publishes lands in a table, in its transactions. */
export async function ledgerOver(database: Database): Promise<Omit<OpenedLedger, 'close'>> {
  await migrate(database, assetPath('services/cropper/migrations'));
  await database.transaction('test.table', (tx) =>
    tx.script('CREATE TABLE IF NOT EXISTS published (at serial, type text, id text, data jsonb)'),
  );
  const write = async (tx: Transaction, type: string, data: object, id?: string): Promise<void> => {
    const row = [type, id ?? '', JSON.stringify(data)];
    await tx.query('INSERT INTO published (type, id, data) VALUES ($1, $2, $3::jsonb)', row);
  };
  const outbox: ServiceOutbox = {
    publish: write,
    publishAll: async (tx, type, events) => {
      for (const { data, id } of events) await write(tx, type, data, id);
    },
    enqueue: () => Promise.reject(new Error('the cropper has no jobs')),
  };
  return {
    database,
    outbox,
    ledger: createRunLedger({ database, outbox, clock: () => new Date() }),
    published: (runId) =>
      database.transaction('test.published', (tx) =>
        tx.query<Published>(
          `SELECT type, id, data FROM published WHERE data->'run'->>'id' = $1 ORDER BY at`,
          [runId],
        ),
      ),
  };
}

export function runOf(id: string, detector = 'none'): RunReference {
  return { id, season: 'SS2026', brand: null, detector, gan: { steps: null, skip: false } };
}

export function garmentRecord(id: string, photoId: string, category = 'dress'): GarmentRecord {
  const sha256 = 'b'.repeat(64);
  return {
    id,
    photoId,
    detector: 'none',
    box: [0, 0, 100, 200],
    category,
    categoryType: 'full',
    score: null,
    brand: null,
    image: { key: `garments/bb/${sha256}`, sha256, contentType: 'image/jpeg', bytes: 1234 },
    widthPx: 100,
    heightPx: 200,
    palette: [{ lightness: 0.5, a: 0.1, b: -0.1, share: 1 }],
    dominantColor: '#884466',
    blurhash: null,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
  };
}
