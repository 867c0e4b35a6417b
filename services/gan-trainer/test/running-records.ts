import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetPath } from '@deepstyle/platform';
import { migrate, openPgliteServer } from '@deepstyle/storage';

/** The service's tables in an embedded database of their own. */
export async function openRecords() {
  const folder = mkdtempSync(join(tmpdir(), 'gan-trainer-records-'));
  const server = await openPgliteServer({ folder });
  const database = await server.schema('gan_trainer');
  await migrate(database, assetPath('services/gan-trainer/migrations'));
  return {
    database,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
