import type { RobotsRules } from './robots.ts';

const MAX_ORIGINS = 1000;
/** Of robots.txt; in memory the rules take up to four times as much. */
const MAX_BYTES = 16_000_000;

/** Rules, and how long the robots.txt is that says them. */
export interface ReadRules {
  readonly rules: RobotsRules;
  readonly bytes: number;
}

interface Kept {
  readonly rules: Promise<RobotsRules>;
  /** 0 until it is read. */
  readonly size: { bytes: number };
}

/** The rules of many origins: those used longest ago are forgotten, and read again where they are asked for. */
export class KeptRules {
  readonly #kept = new Map<string, Kept>();

  of(origin: string, read: () => Promise<ReadRules>): Promise<RobotsRules> {
    const known = this.#kept.get(origin);
    if (known !== undefined) {
      // Used last, forgotten last.
      this.#kept.delete(origin);
      this.#kept.set(origin, known);
      return known.rules;
    }
    const size = { bytes: 0 };
    const rules = this.#read(read, size);
    this.#kept.set(origin, { rules, size });
    return rules;
  }

  async #read(read: () => Promise<ReadRules>, size: Kept['size']): Promise<RobotsRules> {
    const { rules, bytes } = await read();
    size.bytes = bytes;
    this.#forgetSome();
    return rules;
  }

  #forgetSome(): void {
    let bytes = 0;
    for (const { size } of this.#kept.values()) bytes += size.bytes;
    for (const [origin, { size }] of this.#kept) {
      if (this.#kept.size <= MAX_ORIGINS && bytes <= MAX_BYTES) return;
      this.#kept.delete(origin);
      bytes -= size.bytes;
    }
  }
}
