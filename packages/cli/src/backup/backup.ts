import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DeepStyleError, readSettings, removeAtExit } from '@deepstyle/platform';
import { PROCESS_SETTINGS } from '@deepstyle/service';
import {
  type BackupContent,
  type OnProgress,
  restoreBackup,
  writeBackup,
} from '@deepstyle/storage';
import type { Call } from '../call.ts';
import { findInstance } from '../instance/instance.ts';
import { type Interrupt, onInterrupt } from '../instance/interrupt.ts';
import { refuseServers, snapshotOf } from '../instance/snapshots.ts';
import { awaited } from '../output/awaited.ts';
import { ProgressView } from '../output/progress-view.ts';

const SHOW_EVERY_MS = 200;

class BackupTargetTakenError extends DeepStyleError {
  constructor(target: string) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'BACKUP_TARGET_TAKEN',
      message: `${target} is there already, and nothing is written over. Choose another name.`,
    });
  }
}

/** @throws BackupTargetTakenError, and what taking the snapshot and writing it throw */
export async function backUp(call: Call, target: string): Promise<void> {
  if (existsSync(target)) throw new BackupTargetTakenError(target);
  const { dataFolder, environment } = call;
  const instance = await findInstance(dataFolder);
  // An instance knows its own settings.
  if (instance === null) refuseServers(readSettings(PROCESS_SETTINGS, environment));
  const content = await unlessInterrupted(async (interrupt) => {
    const takenAt = new Date();
    const stop = new AbortController();
    const taking = snapshotOf(dataFolder, instance, stop.signal);
    interrupt.closes(async () => {
      stop.abort();
      await taking.catch(() => {});
    });
    const snapshot = await awaited(
      instance === null ? 'a snapshot' : `the snapshot that the instance ${instance.url} takes`,
      taking,
    );
    const removed = removeAtExit(snapshot);
    try {
      return await writeBackup(snapshot, target, takenAt, showProgress('backup'));
    } finally {
      await rm(snapshot, { recursive: true, force: true });
      removed();
    }
  });
  call.print({ backup: target, ...content }, `${target}: ${sizeOf(content)} of ${dataFolder}\n`);
}

/** @throws what restoreBackup throws */
export async function restore(call: Call, backup: string): Promise<void> {
  const { dataFolder } = call;
  const content = await unlessInterrupted(() =>
    restoreBackup(backup, dataFolder, showProgress('restore')),
  );
  call.print({ dataFolder, ...content }, `${dataFolder}: ${sizeOf(content)} of ${backup}\n`);
}

/** What is unfinished is removed where the process ends. */
async function unlessInterrupted<T>(work: (interrupt: Interrupt) => Promise<T>): Promise<T> {
  const interrupt = onInterrupt('Stopping; nothing unfinished is left behind.');
  try {
    return await work(interrupt);
  } catch (error) {
    // That it was stopped is no news.
    if (interrupt.isOn) await new Promise<never>(() => {});
    throw error;
  } finally {
    interrupt.release();
  }
}

function showProgress(label: string): OnProgress {
  const view = new ProgressView(process.stderr);
  let shownMs = 0;
  return (step, done, expected) => {
    const nowMs = Date.now();
    if (nowMs - shownMs < SHOW_EVERY_MS && done !== expected) return;
    shownMs = nowMs;
    const stage = {
      state: 'RUNNING',
      done,
      failed: 0,
      expected,
      detail: step,
      stalled: false,
    } as const;
    view.showStages([{ label, stage }], nowMs);
  };
}

function sizeOf({ files, bytes }: BackupContent): string {
  return `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
}
