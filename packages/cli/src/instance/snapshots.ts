import { rm } from 'node:fs/promises';
import { type createHttpApp, DeepStyleError } from '@deepstyle/platform';
import { type Composition, isAuthorized, type ProcessSettings } from '@deepstyle/service';
import { takeSnapshot, takeSnapshotOfIdle } from '@deepstyle/storage';
import type { Instance } from './instance.ts';

type HttpApp = ReturnType<typeof createHttpApp>;
type Answer = { readonly folder: string } | { readonly problem: string };

const PATH = '/snapshot';
/** More often than clients and proxies give up on an answer that does not come. */
const SIGN_OF_LIFE_MS = 10_000;

class SnapshotFailedError extends DeepStyleError {
  constructor(problem: string) {
    super({ code: 'UNAVAILABLE', reason: 'SNAPSHOT_FAILED', message: problem });
  }
}

class NotEmbeddedError extends DeepStyleError {
  constructor(setting: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_EMBEDDED',
      message: `${setting} is set: what is kept there is no part of the data folder. docs/operations.md says how servers are backed up.`,
    });
  }
}

type StoreSettings = Pick<ProcessSettings, 'databaseUrl' | 's3Endpoint' | 'natsUrl'>;

/** @throws NotEmbeddedError where a store is a server */
export function refuseServers({ databaseUrl, s3Endpoint, natsUrl }: StoreSettings): void {
  const servers = { DATABASE_URL: databaseUrl, S3_ENDPOINT: s3Endpoint, NATS_URL: natsUrl };
  for (const [setting, value] of Object.entries(servers))
    if (value !== undefined) throw new NotEmbeddedError(setting);
}

/** Lets a command of the same user have a snapshot taken of the folder that this process has open. */
export function mountSnapshots(app: HttpApp, composition: Composition): void {
  const { settings, databases } = composition;
  const take = async (owner: number, signal: AbortSignal): Promise<string> => {
    refuseServers(settings);
    if (databases.copyFiles === null) throw new NotEmbeddedError('DATABASE_URL');
    return takeSnapshot(settings.dataFolder, databases.copyFiles, owner, signal);
  };
  app.post(PATH, async (request, response) => {
    if (!isAuthorized(request.headers.authorization, settings.apiToken)) {
      response.sendStatus(401);
      return;
    }
    const owner = Number(request.query.owner);
    if (!Number.isSafeInteger(owner) || owner < 1) {
      response.sendStatus(400);
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    // White space before the answer, for however long it takes.
    const timer = setInterval(() => response.write('\n'), SIGN_OF_LIFE_MS);
    try {
      const folder = await take(owner, gone.signal);
      if (response.destroyed) await rm(folder, { recursive: true, force: true });
      else response.end(JSON.stringify({ folder } satisfies Answer));
    } catch (error) {
      const { message } = DeepStyleError.from(error);
      response.end(JSON.stringify({ problem: message } satisfies Answer));
    } finally {
      clearInterval(timer);
    }
  });
}

/**
 * Takes a snapshot of a data folder: by the instance that has it open, or without one.
 *
 * @param signal ends that before its time; then nothing is left of it
 * @returns a folder that the caller removes
 * @throws SnapshotFailedError, and what takeSnapshotOfIdle throws
 */
export async function snapshotOf(
  dataFolder: string,
  instance: Instance | null,
  signal: AbortSignal,
): Promise<string> {
  if (instance === null) return takeSnapshotOfIdle(dataFolder, signal);
  const response = await fetch(`${instance.url}${PATH}?owner=${process.pid}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${instance.token}` },
    signal,
  });
  if (!response.ok)
    throw new SnapshotFailedError(
      `The instance ${instance.url} takes no snapshot (${response.status}).`,
    );
  const answer = (await response.json()) as Answer;
  if ('problem' in answer) throw new SnapshotFailedError(answer.problem);
  return answer.folder;
}
