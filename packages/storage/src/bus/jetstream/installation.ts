import type { JetStreamManager } from '@nats-io/jetstream';
import { OtherInstallationError } from './errors.ts';
import { API_CODES, apiCode } from './failures.ts';

/** A stream of single values: whose the streams are, and what a check writes. */
export const STATE = 'STATE';
const INSTALLATION_SUBJECT = 'deepstyle-state.installation';
/** Of no meaning but that it can be written. */
export const CHECK_SUBJECT = 'deepstyle-state.check';

/**
 * Takes the streams for an installation where nobody has: also those of a version that knew no installations. Of several that
 * do so at once the first one has them.
 *
 * @throws OtherInstallationError
 */
export async function claimStreams(
  manager: JetStreamManager,
  servers: string,
  id: string,
): Promise<void> {
  const holder = (await readHolder(manager)) ?? (await claim(manager, id));
  if (holder !== id) throw new OtherInstallationError(servers, holder, id);
}

/** Whose the streams are afterwards. */
async function claim(manager: JetStreamManager, id: string): Promise<string> {
  try {
    await manager.jetstream().publish(INSTALLATION_SUBJECT, id, {
      expect: { lastSubjectSequence: 0 },
    });
    return id;
  } catch (error) {
    const holder =
      apiCode(error) === API_CODES.wrongLastSequence ? await readHolder(manager) : null;
    if (holder === null) throw error;
    return holder;
  }
}

async function readHolder(manager: JetStreamManager): Promise<string | null> {
  const found = await manager.streams.getMessage(STATE, { last_by_subj: INSTALLATION_SUBJECT });
  return found?.string() ?? null;
}
