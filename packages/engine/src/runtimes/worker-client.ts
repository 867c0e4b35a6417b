import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { EngineWorkerError } from '../errors.ts';
import type { HostTensor } from '../host-tensor.ts';
import type { Program } from './load-program.ts';
import type { Runtime } from './runtime.ts';
import { fromWire, type RequestBody, type WorkerResponse } from './worker-protocol.ts';

const BUILT = 'engine-worker.js';

/**
 * The built worker: beside this file when bundled, else in the nearest `dist` folder upwards.
 * @throws EngineWorkerError if there is none
 */
export function findWorker(from: string = import.meta.url): URL {
  let folder = path.dirname(fileURLToPath(from));
  const beside = path.join(folder, BUILT);
  if (existsSync(beside)) return pathToFileURL(beside);
  for (;;) {
    const built = path.join(folder, 'dist', BUILT);
    if (existsSync(built)) return pathToFileURL(built);
    const parent = path.dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  throw new EngineWorkerError(
    `dist/${BUILT} was not found above ${fileURLToPath(from)}. Build it (node scripts/build.mjs) or pass workerUrl.`,
  );
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Loads the program on a worker thread of its own. */
export async function createWorkerRuntime(program: Program, url: URL | string): Promise<Runtime> {
  const worker = new Worker(
    typeof url === 'string' && url.startsWith('file:') ? new URL(url) : url,
    {
      execArgv: [],
    },
  );
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let ended: Error | undefined;

  const endAll = (error: Error): void => {
    ended = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, result, error }: WorkerResponse) => {
    const request = waiting.get(id);
    waiting.delete(id);
    // An idle worker must not keep the process alive.
    if (waiting.size === 0) worker.unref();
    if (error === undefined) request?.resolve(result);
    else request?.reject(fromWire(error));
  });
  worker.on('error', (cause) =>
    endAll(new EngineWorkerError(`The engine's worker failed: ${String(cause)}`, { cause })),
  );
  worker.on('exit', (code) =>
    endAll(new EngineWorkerError(`The engine's worker ended (${code}).`)),
  );

  const request = (body: RequestBody): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) {
        reject(ended);
        return;
      }
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, body });
    });

  try {
    await request({ kind: 'load', program });
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  type Flat = Record<string, HostTensor>;
  return {
    run: async (batch) => (await request({ kind: 'run', batch })) as Flat,
    readState: async () => (await request({ kind: 'readState' })) as Flat,
    writeState: async (state) => void (await request({ kind: 'writeState', state })),
    endProfile: async () => (await request({ kind: 'endProfile' })) as string | undefined,
    async dispose() {
      if (ended === undefined) await request({ kind: 'dispose' });
      ended = new EngineWorkerError('The compiled step was disposed.');
      await worker.terminate();
    },
  };
}
