/** Entry of the engine's worker thread: one program, its session and its state. */
import { parentPort } from 'node:worker_threads';
import { EngineWorkerError } from './errors.ts';
import type { HostTensor } from './host-tensor.ts';
import { loadProgram } from './runtimes/load-program.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { type RequestBody, toWire, type WorkerRequest } from './runtimes/worker-protocol.ts';

let runtime: Runtime | undefined;

function loaded(): Runtime {
  if (runtime === undefined) throw new EngineWorkerError('The worker has no program loaded.');
  return runtime;
}

async function answer(body: RequestBody): Promise<unknown> {
  switch (body.kind) {
    case 'load':
      runtime = await loadProgram(body.program);
      return undefined;
    case 'run':
      return loaded().run(body.batch);
    case 'readState':
      return loaded().readState();
    case 'writeState':
      return loaded().writeState(body.state);
    case 'endProfile':
      return loaded().endProfile();
    case 'dispose':
      return loaded().dispose();
  }
}

/** The copies made for the caller are handed over, not copied again. */
function transferables(result: unknown): ArrayBuffer[] {
  if (typeof result !== 'object' || result === null) return [];
  return Object.values(result as Record<string, HostTensor>).map(
    ({ data }) => data.buffer as ArrayBuffer,
  );
}

/** Requests are answered in the order in which they came. */
let queue: Promise<void> = Promise.resolve();

parentPort?.on('message', ({ id, body }: WorkerRequest) => {
  queue = queue.then(async () => {
    try {
      const result = await answer(body);
      parentPort?.postMessage({ id, result }, transferables(result));
    } catch (error) {
      parentPort?.postMessage({ id, error: toWire(error) });
    }
  });
});
