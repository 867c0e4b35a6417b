import type { Logger } from '@deepstyle/platform';
import type { Database } from '@deepstyle/storage';
import { type ImportProgress, updateProgress } from './records/imports.ts';

const EVERY_MS = 500;

/** Notes how far an import is: now and then, never two at once, and without holding up the work. */
export class ImportProgressNotes {
  readonly #database: Database;
  readonly #importId: string;
  readonly #clock: () => Date;
  readonly #logger: Logger;
  #notedAtMs = 0;
  #writing: Promise<void> | null = null;

  constructor(ports: {
    readonly database: Database;
    readonly importId: string;
    readonly clock: () => Date;
    readonly logger: Logger;
  }) {
    this.#database = ports.database;
    this.#importId = ports.importId;
    this.#clock = ports.clock;
    this.#logger = ports.logger;
  }

  note(detail: string, done: number, expected: number | null): void {
    const now = this.#clock();
    if (this.#writing !== null || now.getTime() - this.#notedAtMs < EVERY_MS) return;
    this.#notedAtMs = now.getTime();
    this.#writing = this.#write({ detail, done, expected }, now).finally(() => {
      this.#writing = null;
    });
  }

  /** Waits for what is being written, so that nothing follows the import's end. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #write(progress: ImportProgress, now: Date): Promise<void> {
    try {
      await this.#database.transaction('dataset.updateProgress', (tx) =>
        updateProgress(tx, this.#importId, progress, now),
      );
    } catch (error) {
      // The import itself does not depend on it.
      this.#logger.warn({ error, importId: this.#importId }, 'progress could not be noted');
    }
  }
}
