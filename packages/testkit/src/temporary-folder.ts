import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Deletes it with all it holds; a second call does nothing. */
  remove(): Promise<void>;
}

/**
 * A new empty folder. Call `remove` in `afterEach`, or declare it with `await using`. Removing waits out servers that
 * are still closing their files.
 *
 * @param within a folder that it is made in; by default that of the system for temporary files
 */
export async function temporaryFolder(
  name = 'deepstyle-test',
  within = tmpdir(),
): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(within, `${name}-`));
  const remove = async () => {
    await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}
