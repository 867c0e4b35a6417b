import type { Ports } from './ports.ts';
import { type ImportProgress, updateProgress } from './records.ts';

type ProgressPorts = Pick<Ports, 'database' | 'clock' | 'logger'>;

const EVERY_MS = 500;

/** Notes how far an import is: now and then, never two at once, and without holding up the work. */
export class ImportProgressNotes {
  readonly #ports: ProgressPorts;
  readonly #importId: string;
  #notedAtMs = 0;
  #writing: Promise<void> | null = null;

  constructor(ports: ProgressPorts, importId: string) {
    this.#ports = ports;
    this.#importId = importId;
  }

  note(detail: string, done: number, expected: number | null): void {
    const now = this.#ports.clock();
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
      await this.#ports.database.transaction('dataset.updateProgress', (tx) =>
        updateProgress(tx, this.#importId, progress, now),
      );
    } catch (error) {
      // The import itself does not depend on it.
      this.#ports.logger.warn({ error, importId: this.#importId }, 'progress could not be noted');
    }
  }
}
