import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { makeContentPrivate } from '../private-folder.ts';
import { DURABLE_START_PARAMS, DurableNodeFs } from './durable-nodefs.ts';
import type { PgliteAnswer, PgliteFailure, PgliteRequest } from './pglite-messages.ts';
import { makeDatabaseFolder } from './pglite-template.ts';

// A thread of its own, because a statement blocks the thread that runs it.

const asText = (value: string): string => value;
// Parameters arrive in PostgreSQL's text format already, whatever their type.
const serializers = new Proxy({}, { get: () => asText });
// The same JavaScript types as the other adapter: see Transaction.query. Given at the start, for arrays of them too.
const parsers = {
  [types.INT8]: asText,
  [types.NUMERIC]: asText,
  [types.DATE]: asText,
  [types.TIMESTAMP]: asText,
};

function describeFailure(error: unknown): PgliteFailure {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const names = ['severity', 'code', 'table', 'constraint', 'detail', 'hint', 'position'];
  const all = error as unknown as Record<string, unknown>;
  const fields = names.flatMap((name) => {
    const value = all[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return { message: error.message, fields: Object.fromEntries(fields) };
}

const FATAL = /^.*?\b(FATAL|PANIC): +/;
// What PostgreSQL says where the system, not the folder, is to blame.
const SYSTEM =
  /No space left|Permission denied|Read-only|Too many open files|memory|Input\/output/i;

/** Why PGlite did not open its folder: PostgreSQL's last words say more than the error, which only says that it ended. */
function describeRefusal(error: unknown, lastWords: string) {
  if (lastWords === '') return { message: String(error), isDamage: false };
  const message = lastWords.replace(FATAL, '');
  return { message, isDamage: !SYSTEM.test(message) };
}

async function answer(database: PGlite, folder: string, request: PgliteRequest): Promise<object[]> {
  switch (request.kind) {
    case 'query': {
      const result = await database.query<object>(request.text, [...request.values], {
        serializers,
      });
      return result.rows;
    }
    case 'script':
      await database.exec(request.text);
      return [];
    case 'close':
      await database.close();
      makeContentPrivate(folder);
      return [];
  }
}

async function serve(port: MessagePort, folder: string): Promise<void> {
  const post = (message: PgliteAnswer): void => port.postMessage(message);
  let database: PGlite;
  let lastWords = '';
  try {
    await makeDatabaseFolder(folder);
    const fs = new DurableNodeFs(folder);
    const onStderr = (line: string): boolean => {
      if (FATAL.test(line)) lastWords = line;
      return false;
    };
    database = await PGlite.create({ fs, startParams: DURABLE_START_PARAMS, parsers, onStderr });
    // PGlite makes files that everybody may write.
    makeContentPrivate(folder);
  } catch (error) {
    post({ kind: 'cannot-open', ...describeRefusal(error, lastWords) });
    // PostgreSQL leaves it behind where it ends by a PANIC.
    rmSync(join(folder, 'postmaster.pid'), { force: true });
    return;
  }
  const onRequest = async (request: PgliteRequest): Promise<void> => {
    try {
      post({ kind: 'done', id: request.id, rows: await answer(database, folder, request) });
    } catch (error) {
      post({ kind: 'failed', id: request.id, failure: describeFailure(error) });
    }
    if (request.kind === 'close') port.close();
  };
  port.on('message', (request: PgliteRequest) => void onRequest(request));
  post({ kind: 'ready' });
}

if (parentPort !== null) {
  await serve(parentPort, (workerData as { readonly folder: string }).folder);
}
