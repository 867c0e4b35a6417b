import { createHash } from 'node:crypto';
import { SERVICE_NAMES, type ServiceName } from '@deepstyle/contracts';
import { openDatabaseServer } from '@deepstyle/storage';
import { type PostgresServer, startPostgres, temporaryFolder } from '@deepstyle/testkit';
import { type RunningService, runService } from '@deepstyle/testkit/services';
import { backendCpuOf } from './backend-cpu.ts';
import { fillScripts } from './filled-tables.ts';
import { type Listing, listings, SERVICES } from './queries.ts';

const GARMENTS = 1_000_000;
const WARM_UP = 10;
const CALLS = 50;
const FILLING_MS = 3_600_000;
const MAX_MS = 20;

/**
 * Every list of each service's graph and gRPC over the tables that long use leaves: the CPU time of PostgreSQL's backends,
 * user and system, per call, in milliseconds. `--garments N` for other tables than those of a million garments.
 */
export async function run(args: readonly string[]) {
  const given = args.indexOf('--garments');
  const garments = given === -1 ? GARMENTS : Number(args[given + 1]);
  const only = args.indexOf('--only') === -1 ? null : args[args.indexOf('--only') + 1];
  const postgres = await startPostgres({ settings: ['shared_buffers=512MB', 'max_wal_size=8GB'] });
  const ours: Record<string, number> = {};
  try {
    for (const name of SERVICE_NAMES) {
      if (only === null || only === name)
        Object.assign(ours, await measureService(name, postgres, garments));
    }
  } finally {
    await postgres.stop();
  }
  const over = Object.keys(ours).filter((each) => (ours[each] ?? 0) > MAX_MS);
  return { peer: null, ours, unit: 'ms', garments, calls: CALLS, over };
}

async function measureService(
  name: ServiceName,
  postgres: PostgresServer,
  garments: number,
): Promise<Record<string, number>> {
  const folder = await temporaryFolder('list-queries');
  const service = await runService(SERVICES[name], {
    dataFolder: folder.path,
    settings: { DATABASE_URL: postgres.url, DEEPSTYLE_ROLE: 'api' },
  });
  try {
    await fill(name, postgres, garments);
    const photos = Array.from({ length: 100 }, (_, n) =>
      createHash('md5')
        .update(String(1 + n * 10))
        .digest('hex'),
    );
    const measured: Record<string, number> = {};
    for (const [query, listing] of Object.entries(listings(photos)[name])) {
      const { rows, ms } = await measure(listing, service, postgres);
      measured[`${name} ${query}`] = ms;
      process.stderr.write(`${name} ${query}: ${ms} ms for ${rows} rows\n`);
    }
    return measured;
  } finally {
    await service.close();
    await folder.remove();
  }
}

async function fill(name: ServiceName, postgres: PostgresServer, garments: number): Promise<void> {
  const script = fillScripts(garments)[name];
  if (script === undefined) return;
  const server = await openDatabaseServer({ dataFolder: '', url: postgres.url });
  const database = await server.schema(name.replaceAll('-', '_'));
  // A page on which every row is known to be visible, as after a night's VACUUM, would be read by its index alone.
  await database.transaction('bench.fill', (tx) => tx.script(`${script}; ANALYZE`), {
    limitMs: FILLING_MS,
  });
  await server.close();
}

async function measure(
  listing: Listing,
  service: RunningService,
  postgres: PostgresServer,
): Promise<{ readonly rows: number; readonly ms: number }> {
  let rows = 0;
  for (let call = 0; call < WARM_UP; call += 1) rows = await listing(service);
  if (rows === 0) throw new Error('it lists nothing: the tables were filled wrongly');
  const ms = await backendCpuOf(postgres, async () => {
    for (let call = 0; call < CALLS; call += 1) await listing(service);
  });
  return { rows, ms: ms / CALLS };
}
