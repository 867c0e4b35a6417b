import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assetPath } from '@deepstyle/platform';
import { migrate, openDatabaseServer } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { runsById } from '../src/records.ts';

const MIGRATIONS = assetPath('services/detector/migrations');

test('a run that was under way before runs kept their counts goes on from what it had', async () => {
  const folder = await temporaryFolder();
  const earlier = await temporaryFolder();
  for (const name of (await readdir(MIGRATIONS)).filter((each) => each < '004'))
    await copyFile(join(MIGRATIONS, name), join(earlier.path, name));
  const server = await openDatabaseServer({ dataFolder: folder.path });
  try {
    const database = await server.schema('detector');
    await migrate(database, earlier.path);
    await database.transaction('test.fill', (tx) =>
      tx.script(`
        INSERT INTO runs (id, detector, seen_at) VALUES ('half', 'm', '2026-01-01'), ('new', 'm', '2026-01-01');
        INSERT INTO run_photos (run_id, photo_id, photo, state, settled_at) VALUES
          ('half', 'a', '{}', 'done', '2026-01-02'), ('half', 'b', '{}', 'done', '2026-01-03'),
          ('half', 'c', '{}', 'failed', '2026-01-02'), ('half', 'd', '{}', 'queued', NULL);
        INSERT INTO detections (model_id, photo_id, detections, detected_at) VALUES
          ('m', 'a', '[{}, {}]', now()), ('m', 'd', '[{}]', now()), ('other', 'b', '[{}]', now())`),
    );
    await migrate(database, MIGRATIONS);
    const runs = await database.transaction('test.read', (tx) => runsById(tx, ['half', 'new']));
    expect(runs.sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: 'half', done: 2, failed: 1, detections: 2, updatedAt: new Date('2026-01-03') },
      { id: 'new', done: 0, failed: 0, detections: 0, updatedAt: new Date('2026-01-01') },
    ]);
  } finally {
    await server.close();
    await folder.remove();
    await earlier.remove();
  }
});
