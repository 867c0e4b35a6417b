import { createHash, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import {
  MAX_TRAINING_STEPS,
  NO_DETECTOR,
  POSE_DETECTOR,
  SEASON,
  SEASON_RULE,
} from '@deepstyle/contracts/request-rules';
import { InvalidArgumentError } from '@deepstyle/platform';
import { globalId, localId, nodeTypeOf, RemoteError } from '@deepstyle/service';
import { DetectorNotTrainedError, RunKeyReusedError } from './errors.ts';
import type { SourceInput, StartRunInput } from './gen/graph.ts';
import type { AddressGuard } from './http/address-guard.ts';
import type { Ports } from './ports.ts';
import { findRunByKey, insertRun, type Run, type RunSource } from './records.ts';
import { isUrl } from './sources/manifest.ts';
import { checkSource } from './sources/source.ts';
import { cleanText } from './sources/source-item.ts';

type StartRunPorts = Pick<Ports, 'database' | 'outbox' | 'calls' | 'settings' | 'clock'>;

export const SCRAPE_JOB = 'scrape';

const MAX_SOURCES = 20;
const MAX_KEY = 200;
const MAX_DETECTOR = 100;

/** @throws InvalidArgumentError, DetectorNotTrainedError, RunKeyReusedError, and what checkSource throws; no run exists then */
export async function startRun(
  ports: StartRunPorts,
  guard: AddressGuard,
  request: StartRunInput,
): Promise<Run> {
  const { database, outbox, settings, clock } = ports;
  const idempotencyKey = bounded('idempotencyKey', request.idempotencyKey, MAX_KEY);
  const asked = parseRequest(request);
  const requestDigest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const find = async (): Promise<Run | null> => {
    const known = await database.transaction('scraper.findRunByKey', (tx) =>
      findRunByKey(tx, idempotencyKey),
    );
    // A run from before these were kept is taken as it is.
    const isOther = known !== null && (known.requestDigest ?? requestDigest) !== requestDigest;
    if (isOther) throw new RunKeyReusedError(idempotencyKey, globalId('Run', known.id));
    return known;
  };
  const started = await find();
  if (started !== null) return started;

  const { season, brand, sources, gan } = asked;
  for (const source of sources) {
    await checkSource(source, { season, roots: settings.folders, guard });
  }
  const detector = await pinnedDetector(ports, asked.detector);
  const id = randomUUID();
  await database.transaction('scraper.startRun', async (tx) => {
    const run = {
      id,
      idempotencyKey,
      requestDigest,
      season,
      brand,
      detector,
      sources,
      createdAt: clock(),
      ...gan,
    };
    if (await insertRun(tx, run))
      await outbox.enqueue(tx, SCRAPE_JOB, { runId: id }, `scrape:${id}`);
  });
  // Of two requests with one key at the same time, both get the run of the one that came first.
  return (await find()) as Run;
}

function parseRequest(request: StartRunInput) {
  const { season, detector = null } = request;
  if (!SEASON.test(season)) {
    throw new InvalidArgumentError('season', `${SEASON_RULE}, not "${season}"`);
  }
  if (request.sources.length < 1 || request.sources.length > MAX_SOURCES) {
    throw new InvalidArgumentError('sources', `must be 1 to ${MAX_SOURCES}`);
  }
  const ganSteps = request.gan?.steps ?? null;
  if (ganSteps !== null && (ganSteps < 1 || ganSteps > MAX_TRAINING_STEPS)) {
    throw new InvalidArgumentError(
      'gan.steps',
      `must be from 1 to ${MAX_TRAINING_STEPS}, not ${ganSteps}`,
    );
  }
  return {
    season,
    brand: cleanText(request.brand, MAX_KEY),
    sources: request.sources.map(parseSource),
    // The id of a model, global or not.
    detector: detector === null ? null : localDetector(bounded('detector', detector, MAX_DETECTOR)),
    gan: { ganSteps, ganSkip: request.gan?.skip ?? false },
  };
}

function localDetector(named: string): string {
  return nodeTypeOf(named) === 'DetectorModel' ? localId('DetectorModel', named) : named;
}

function parseSource(source: SourceInput): RunSource {
  const { folder = null, url = null, manifest = null } = source;
  if ([folder, url, manifest].filter((part) => part !== null && part !== '').length !== 1) {
    throw new InvalidArgumentError(
      'sources',
      'each needs exactly one of folder, url and manifest, and not empty',
    );
  }
  if (folder) return { kind: 'folder', location: resolve(folder) };
  if (url) return { kind: 'url', location: url.trim() };
  const location = manifest ?? '';
  return { kind: 'manifest', location: isUrl(location) ? location : resolve(location) };
}

/**
 * What the run pins: `none`, the model by the joints of people, or the active one. A run that pins an unknown model would
 * never end.
 */
async function pinnedDetector(ports: Pick<Ports, 'calls'>, named: string | null): Promise<string> {
  if (named === NO_DETECTOR) return named;
  if (named === POSE_DETECTOR) return (await ports.calls.getPoseDetectorModel()).modelId;
  const active = await activeDetector(ports);
  if (named === null || named === active) return active;
  throw new InvalidArgumentError(
    'detector',
    `must be "none", "pose" or the active model "${active}", not "${named}"`,
  );
}

async function activeDetector(ports: Pick<Ports, 'calls'>): Promise<string> {
  try {
    return (await ports.calls.getActiveDetectorModel()).modelId;
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'FAILED_PRECONDITION') {
      throw new DetectorNotTrainedError(error);
    }
    throw error;
  }
}

function bounded(field: string, raw: string, maxLength: number): string {
  const value = raw.trim();
  if (value !== '' && value.length <= maxLength) return value;
  throw new InvalidArgumentError(field, `must have 1 to ${maxLength} characters`);
}
