import type { StageView } from '../run-queries.ts';

const BAR_CELLS = 24;
/** States in which a stage has come to nothing that could be measured. */
const WITHOUT_BAR: ReadonlySet<string> = new Set([
  ...['WAITING', 'SKIPPED', 'HELD', 'CANCELED', 'FAILED'],
]);

/** Of a stage that has not moved for so long nobody knows when it ends. */
const STANDING_MS = 60_000;

interface Sight {
  readonly at: number;
  readonly done: number;
}

/** Estimates a rate from what was done between the first and the newest sight of a stage. */
export class RateMeter {
  readonly #first = new Map<string, Sight>();
  /** When each was first seen as far as it is. */
  readonly #moved = new Map<string, Sight>();

  /** Units per second, and seconds left where the end is known. */
  measure(
    name: string,
    done: number,
    expected: number | null,
    nowMs: number,
  ): { rate: number; secondsLeft: number | null } {
    const first = this.#first.get(name) ?? { at: nowMs, done };
    this.#first.set(name, first);
    const last = this.#moved.get(name);
    const moved = last?.done === done ? last : { at: nowMs, done };
    this.#moved.set(name, moved);
    const seconds = (nowMs - first.at) / 1000;
    const rate = seconds > 0 ? (done - first.done) / seconds : 0;
    const isKnown = expected !== null && rate > 0 && nowMs - moved.at < STANDING_MS;
    const left = !isKnown ? null : Math.max(0, expected - done) / rate;
    return { rate, secondsLeft: left };
  }
}

/** One line of progress for an open or ended stage. */
export function stageLine(
  label: string,
  stage: StageView,
  meter: RateMeter,
  nowMs: number,
): string {
  const name = label.padEnd(12);
  const detail = stage.detail === null ? '' : `  ${stage.detail}`;
  if (WITHOUT_BAR.has(stage.state)) return `${name} ${stage.state.toLowerCase()}${detail}`;
  const finished = stage.done + stage.failed;
  const share =
    stage.state === 'DONE' ? 1 : stage.expected ? Math.min(1, finished / stage.expected) : 0;
  const cells = Math.round(share * BAR_CELLS);
  const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
  const count = `${finished}${stage.expected === null ? '' : ` of ${stage.expected}`}`;
  const failed = stage.failed > 0 ? `, ${stage.failed} failed` : '';
  const { rate, secondsLeft } = meter.measure(label, finished, stage.expected, nowMs);
  // A stage that tells its own rate knows it better: it does not count from the first look.
  const measured = stage.state === 'RUNNING' && !/\/s\b/.test(stage.detail ?? '');
  const speed = measured && rate > 0 ? `, ${rate.toFixed(1)}/s` : '';
  const left = measured && secondsLeft !== null ? `, ${duration(secondsLeft)} left` : '';
  const stalled = stage.stalled ? '  STALLED: nothing has moved for ten minutes' : '';
  return `${name} ${bar} ${count}${failed}${speed}${left}${detail}${stalled}`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
