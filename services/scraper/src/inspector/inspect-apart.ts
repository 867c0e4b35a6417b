import { fork } from 'node:child_process';
import { on } from 'node:events';
import { assetPath } from '@deepstyle/platform';
import { RejectedSourceError, type RejectionCode } from '../errors.ts';
import type { Photograph, PhotographLimits } from '../photograph.ts';

export interface Inspection {
  readonly bytes: Uint8Array;
  readonly limits: PhotographLimits;
}

export type Inspected =
  /** It waits for the photograph. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'photograph'; readonly photograph: Photograph }
  | { readonly kind: 'rejected'; readonly code: RejectionCode; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * As inspectPhotograph, in a process of its own: a fault of a decoder ends that one, and it is known which photograph it was.
 *
 * @param entry the built file of the process
 * @throws RejectedSourceError CRASHED where the process does not survive it, and as inspectPhotograph does; the signal's reason
 */
export async function inspectApart(
  bytes: Uint8Array,
  limits: PhotographLimits,
  signal: AbortSignal,
  entry: string = assetPath('dist/photo-inspector.js'),
): Promise<Photograph> {
  const child = fork(entry, {
    // It needs none of the secrets that stand in the environment.
    env: {},
    execArgv: [],
    serialization: 'advanced',
    // What it says is not for a terminal, and nobody reads it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let isLooking = false;
  try {
    const answers = on(child, 'message', { signal, close: ['exit'] }) as AsyncIterable<[Inspected]>;
    for await (const [answer] of answers) {
      if (answer.kind !== 'ready') return photographOf(answer);
      isLooking = true;
      const inspection: Inspection = { bytes, limits };
      // Where it cannot be sent, the process has ended, and that is told.
      child.send(inspection, () => {});
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    child.kill('SIGKILL');
  }
  const end = child.signalCode ?? `exit code ${child.exitCode}`;
  if (!isLooking) throw new Error(`the process that inspects a photograph did not start: ${end}`);
  throw new RejectedSourceError('CRASHED', `The process that inspected it was killed (${end}).`);
}

function photographOf(answer: Exclude<Inspected, { kind: 'ready' }>): Photograph {
  if (answer.kind === 'photograph') return answer.photograph;
  if (answer.kind === 'rejected') throw new RejectedSourceError(answer.code, answer.reason);
  throw new Error(answer.message);
}
