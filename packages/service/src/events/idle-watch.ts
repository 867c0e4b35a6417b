import type { JobHandler } from './job.ts';

/** Notices when a process has had no job for a while. */
export interface IdleWatch {
  /** The same job, whose running counts as work. */
  watch(definition: JobHandler): JobHandler;
  /** Resolves when no watched job has run for so long, from the start or from the end of the last one. */
  readonly idle: Promise<void>;
  close(): void;
}

/** @param idleMs 0: never idle */
export function createIdleWatch(idleMs: number): IdleWatch {
  let onIdle: () => void = () => undefined;
  const idle = new Promise<void>((resolve) => {
    onIdle = resolve;
  });
  if (idleMs === 0) return { watch: (definition) => definition, idle, close: () => undefined };
  let running = 0;
  let timer = setTimeout(onIdle, idleMs);
  return {
    idle,
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
