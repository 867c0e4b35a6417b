import { printable } from '@deepstyle/contracts/request-rules';
import { IrregularDatasetError } from './errors.ts';
import {
  IRREGULARITIES,
  type Irregularity,
  type IrregularityCode,
  type IrregularityCount,
} from './irregularities.ts';

export interface ReportOptions {
  /** The first irregularity ends the reading. */
  readonly strict: boolean;
  /** Told of each irregularity. */
  readonly listener?: (irregularity: Irregularity) => void;
}

const EXAMPLES = 10;

/** Counts what is irregular while a dataset is read. */
export class IrregularityReport {
  readonly #options: ReportOptions;
  readonly #counts = new Map<IrregularityCode, { count: number; examples: Irregularity[] }>();

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  /** @throws IrregularDatasetError in strict mode */
  add(code: IrregularityCode, file: string, line: number | null, detail: string): void {
    const { strict, listener } = this.#options;
    const entry = this.#entry(code);
    entry.count += 1;
    // A file may have millions of them: what nobody sees is not made.
    if (entry.examples.length === EXAMPLES && !strict && listener === undefined) return;
    const effect = IRREGULARITIES[code][0];
    // Names stand in both as they were found, and both are stored and shown.
    const irregularity = { code, effect, file: printable(file), line, detail: printable(detail) };
    if (entry.examples.length < EXAMPLES) entry.examples.push(irregularity);
    listener?.(irregularity);
    if (strict) throw new IrregularDatasetError(irregularity);
  }

  /**
   * The same of `count` lines one after the other, of which the first are told.
   *
   * @throws IrregularDatasetError in strict mode
   */
  addRows(code: IrregularityCode, file: string, from: number, count: number, detail: string): void {
    const told = Math.min(count, EXAMPLES);
    for (let row = 0; row < told; row += 1) this.add(code, file, from + row, detail);
    this.#entry(code).count += count - told;
  }

  /** Counts what another report has counted. */
  absorb(counts: readonly IrregularityCount[]): void {
    for (const { code, count, examples } of counts) {
      const entry = this.#entry(code);
      entry.count += count;
      entry.examples.push(...examples.slice(0, EXAMPLES - entry.examples.length));
    }
  }

  /** What was counted since it was taken last. */
  take(): IrregularityCount[] {
    const counts = this.counts();
    this.#counts.clear();
    return counts;
  }

  /** By code, the most frequent first. */
  counts(): IrregularityCount[] {
    return [...this.#counts]
      .map(([code, { count, examples }]) => ({
        code,
        effect: IRREGULARITIES[code][0],
        meaning: IRREGULARITIES[code][1],
        count,
        examples: [...examples],
      }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }

  #entry(code: IrregularityCode) {
    const entry = this.#counts.get(code) ?? { count: 0, examples: [] };
    this.#counts.set(code, entry);
    return entry;
  }
}
