import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ByteSink } from './byte-sink.ts';

const BATCH_LENGTH = 1 << 20;

/**
 * Text that is handed on in large batches. Where a batch `isFull`, `await flush()`, which also lets other work of the process
 * have its turn. A batch is being written while the next one is put together.
 */
export class TextBatches {
  readonly #sink: ByteSink;
  #texts: string[] = [];
  #length = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  get isFull(): boolean {
    return this.#length >= BATCH_LENGTH;
  }

  add(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
  }

  /** @throws what the sink threw of the batch before */
  async flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#sink.write(Buffer.from(this.#texts.join('')));
    // What fails is told by the next flush or the end.
    this.#writing.catch(() => {});
    this.#texts = [];
    this.#length = 0;
    await nextTurn();
  }

  /** @throws what the sink throws */
  async end(): Promise<void> {
    await this.flush();
    await this.#writing;
  }
}
