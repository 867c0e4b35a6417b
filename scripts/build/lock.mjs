// One build at a time in one tree: two commands started together (a test run and a demo) must not mix their files.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DIST } from './places.mjs';

const LOCK = join(DIST, '.build.lock');
const LONGEST_WAIT_MS = 180_000;

function holder() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryLock() {
  const written = `${LOCK}.${process.pid}`;
  writeFileSync(written, String(process.pid));
  try {
    // A link appears with its content, unlike a file that is created and then written.
    linkSync(written, LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(written, { force: true });
  }
}

/** Runs `work` while no other process builds in this tree. A lock left by a process that died is taken over. */
export async function withBuildLock(work) {
  const givesUpAt = Date.now() + LONGEST_WAIT_MS;
  while (!tryLock()) {
    const pid = holder();
    if (pid !== undefined && !isAlive(pid)) rmSync(LOCK, { force: true });
    else if (Date.now() > givesUpAt) {
      throw new Error(
        `Process ${pid} has been building for ${LONGEST_WAIT_MS / 1000} s; end it or delete ${LOCK}`,
      );
    } else await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}
