import type { JobHandler } from './job.ts';

/** Notices when a process has had no job for a while. */
export interface IdleWatch {
  /** The same job, whose running counts as work. */
  watch(definition: JobHandler): JobHandler;
  close(): void;
}

/** Calls `onIdle` when no watched job has run for `idleMs`, from now or from the end of the last one; 0: never. */
export function createIdleWatch(idleMs: number, onIdle: () => void): IdleWatch {
  if (idleMs === 0) return { watch: (definition) => definition, close: () => undefined };
  let running = 0;
  let timer = setTimeout(onIdle, idleMs);
  return {
    watch: (definition) => ({
      ...definition,
      handle: async (payload, delivery) => {
        running += 1;
        clearTimeout(timer);
        try {
          await definition.handle(payload, delivery);
        } finally {
          running -= 1;
          if (running === 0) timer = setTimeout(onIdle, idleMs);
        }
      },
    }),
    close: () => clearTimeout(timer),
  };
}
