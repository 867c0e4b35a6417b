import { processEnvironment } from '@deepstyle/platform';
import { type ServerName, serverAvailable } from './find-server.ts';

/**
 * A `describe` that needs real servers. Where one is not installed its tests are skipped, with the reason in the
 * title; with DEEPSTYLE_REQUIRE_ALL=1 the same is a failure.
 */
export function describeWithServer(
  server: ServerName | readonly ServerName[],
  title: string,
  body: () => void,
): void {
  const needed = typeof server === 'string' ? [server] : server;
  const missing = needed.filter((name) => !serverAvailable(name));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = `${missing.join(', ')} not installed`;
  describe(`${title} (${reason})`, () => {
    if (processEnvironment().DEEPSTYLE_REQUIRE_ALL === '1') {
      test('has the servers that it needs', () => {
        throw new Error(`${reason}, and DEEPSTYLE_REQUIRE_ALL=1 allows no skipping`);
      });
    } else {
      test.skip('skipped', () => undefined);
    }
  });
}
