import type { RunReference } from '@deepstyle/contracts';
import type { Database } from '@deepstyle/storage';
import {
  type OpenedPorts,
  openPorts,
  type Published,
  portsOver,
} from '@deepstyle/testkit/services';
import { CROPPER_SETTINGS, type CropperSettings } from '../src/config.ts';
import type { Ports } from '../src/ports.ts';
import type { GarmentRecord } from '../src/records.ts';
import { createRunLedger, type RunLedger } from '../src/run-ledger.ts';

export const NOTHING_LOST = { incomplete: null, lost: 0 } as const;

export interface OpenedLedger {
  readonly ports: Ports;
  readonly database: Database;
  readonly ledger: RunLedger;
  /** What was published for a run, in order. */
  published(runId: string): Promise<readonly Published[]>;
  close(): Promise<void>;
}

const SERVICE = { name: 'cropper', settings: CROPPER_SETTINGS } as const;

/** A ledger over the embedded database in a temporary folder. */
export async function openLedger(): Promise<OpenedLedger> {
  const { close, ...opened } = await openPorts(SERVICE);
  return { ...ledgerOf(opened), close };
}

/** A ledger over a database that is shared. */
export async function ledgerOver(database: Database): Promise<Omit<OpenedLedger, 'close'>> {
  const noObjects = {} as Ports['objects'];
  return ledgerOf(await portsOver(database, noObjects, SERVICE));
}

function ledgerOf({ ports, published }: Omit<OpenedPorts<CropperSettings>, 'close'>) {
  return {
    ports,
    database: ports.database,
    ledger: createRunLedger(ports),
    published: async (runId: string) =>
      (await published()).filter(({ data }) => data.run.id === runId),
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
