import { printable } from '@deepstyle/contracts/request-rules';
import { createLogUpdate } from 'log-update';
import { type RunProgressView, STAGES, type StageView } from '../run-queries.ts';
import { withData } from './our-command.ts';
import { RateMeter, stageLine } from './stage-line.ts';

const PLAIN_EVERY_MS = 10_000;

/** A stage, or something like one, under the name that people read. */
export interface LabelledStage {
  readonly label: string;
  readonly stage: StageView;
}

/** Shows stages as they go: redrawn in place on a terminal, a line now and then elsewhere. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  readonly #data: string | undefined;
  readonly #redraw: (lines: string) => void;
  readonly #meter = new RateMeter();
  #lastPlainMs = 0;

  /** @param data the data folder, where it was named */
  constructor(out: NodeJS.WriteStream, data?: string) {
    this.#out = out;
    this.#data = data;
    // A hidden cursor would have to be shown again, however the command ends.
    this.#redraw = createLogUpdate(out, { showCursor: true });
  }

  /** @param note a line for what the stages do not tell */
  show(run: RunProgressView, nowMs: number, note: string | null = null): void {
    const stages = STAGES.flatMap((name) => {
      const stage = run[name];
      return stage === null ? [] : [{ label: name, stage }];
    });
    this.showStages(stages, nowMs, note);
  }

  showStages(stages: readonly LabelledStage[], nowMs: number, note: string | null = null): void {
    const notes = note === null ? [] : [printable(withData(note, this.#data))];
    const shown = stages
      .filter(({ stage }) => stage.state !== 'WAITING')
      .map(({ label, stage }) => ({
        stage,
        line: printable(withData(stageLine(label, stage, this.#meter, nowMs), this.#data)),
      }));
    if (this.#out.isTTY) {
      if (shown.length > 0) this.#redraw([...shown.map(({ line }) => line), ...notes].join('\n'));
    } else if (nowMs - this.#lastPlainMs >= PLAIN_EVERY_MS) {
      this.#lastPlainMs = nowMs;
      // Later stages wait for the first one that is open: that is where the time goes.
      const current = shown.find(({ stage }) => stage.state === 'RUNNING') ?? shown.at(-1);
      this.#out.write(`${[current?.line ?? 'starting', ...notes].join('\n')}\n`);
    }
  }
}
