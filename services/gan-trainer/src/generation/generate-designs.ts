/** The api's side of rendering: asks for designs once, and hands them out as they are stored. */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { InvalidArgumentError, NotFoundError } from '@deepstyle/platform';
import { RenderingFailedError, RequestConflictError, TooManyDesignsError } from '../errors.ts';
import type { Ports } from '../ports.ts';
import {
  findRequest,
  type GeneratedDesign,
  insertRequest,
  listDesigns,
  modelsById,
  reopenRequest,
} from '../records.ts';

export const GENERATE_JOB = 'gan-generate';
const MAX_DESIGNS = 1024;

/** How often a waiting call looks for new designs. */
const POLL_MS = 150;
/** Rows read at once. */
const PAGE = 64;

export interface DesignsRequest {
  readonly modelId: string;
  readonly count: number;
  readonly seed: number;
  /** Empty: derived from the rest, so that the same request joins its job. */
  readonly requestKey: string;
}

/** Streams the designs of a request as a worker stores them. No transaction is held while it waits. */
export async function* generateDesigns(
  ports: Ports,
  request: DesignsRequest,
  signal: AbortSignal,
): AsyncIterable<GeneratedDesign> {
  checkRequest(request);
  const requestKey = request.requestKey === '' ? keyOf(request) : request.requestKey;
  await enqueue(ports, { ...request, requestKey });
  let next = 0;
  while (next < request.count && !signal.aborted) {
    const { designs, state, reason } = await ports.database.transaction(
      'gan-trainer.listDesigns',
      async (tx) => {
        // The state is read first: once it says done, every design is there.
        const found = await findRequest(tx, requestKey);
        const designs = await listDesigns(tx, requestKey, next, PAGE);
        return { designs, state: found?.state, reason: found?.reason ?? '' };
      },
    );
    for (const design of designs) yield design;
    next += designs.length;
    if (designs.length > 0) continue;
    if (state === 'failed') throw new RenderingFailedError(requestKey, reason);
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

function checkRequest({ count, seed, modelId }: DesignsRequest): void {
  if (modelId === '') throw new InvalidArgumentError('model_id', 'is required');
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidArgumentError('count', `must be from 1 to ${MAX_DESIGNS}, not ${count}`);
  }
  if (count > MAX_DESIGNS) throw new TooManyDesignsError(count, MAX_DESIGNS);
  if (!Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError('seed', `must be a whole number up to 2^53 - 1, not ${seed}`);
  }
}

function keyOf({ modelId, count, seed }: DesignsRequest): string {
  return createHash('sha256').update(`${modelId}\n${count}\n${seed}`).digest('hex');
}

/** One request, one job. Asking again joins it; asking for what failed tries again. */
async function enqueue(ports: Ports, request: DesignsRequest): Promise<void> {
  const { modelId, count, requestKey } = request;
  const seed = String(request.seed);
  await ports.database.transaction('gan-trainer.requestDesigns', async (tx) => {
    const [model] = await modelsById(tx, [modelId]);
    if (model === undefined) throw new NotFoundError('GAN model', modelId);
    const job = (id: string) => ports.outbox.enqueue(tx, GENERATE_JOB, { requestKey }, id);
    if (await insertRequest(tx, { requestKey, modelId, count, seed }, ports.clock())) {
      await job(`${GENERATE_JOB}:${requestKey}`);
      return;
    }
    const known = await findRequest(tx, requestKey);
    if (known?.modelId !== modelId || known.count !== count || known.seed !== seed) {
      throw new RequestConflictError(requestKey);
    }
    if (await reopenRequest(tx, requestKey)) {
      await job(`${GENERATE_JOB}:${requestKey}:${ports.clock().getTime()}`);
    }
  });
}
