/** Entry of the process that inspects one photograph. It ends with whoever began it. */
import { RejectedSourceError } from '../errors.ts';
import { inspectPhotograph } from '../photograph.ts';
import type { Inspected, Inspection } from './inspect-apart.ts';

// Ctrl-C reaches all processes of a terminal: whoever began this one ends it, or the photograph would be taken for the cause.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

process.once('message', (inspection: Inspection) => void inspected(inspection).then(answer));
answer({ kind: 'ready' });

async function inspected({ bytes, limits }: Inspection): Promise<Inspected> {
  try {
    return { kind: 'photograph', photograph: await inspectPhotograph(bytes, limits) };
  } catch (error) {
    if (error instanceof RejectedSourceError)
      return { kind: 'rejected', code: error.rejection, reason: error.message };
    return { kind: 'failed', message: String(error) };
  }
}

function answer(message: Inspected): void {
  process.send?.(message);
}
