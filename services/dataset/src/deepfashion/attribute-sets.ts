import { doubled } from '../lists/growing-column.ts';

/** What is known of a garment's attributes, by their ids; all others are negative. */
export interface AttributeSet {
  readonly positive: number[];
  readonly unknown: number[];
}

/** A set of attributes for each garment, in about 10 bytes per garment of the dataset. */
export class AttributeSets {
  #ids = new Uint16Array(1 << 12);
  #used = 0;
  /** Per garment: where its ids begin, where the unknown ones begin, where they end. */
  readonly #starts: Uint32Array;
  readonly #middles: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #isSet: Uint8Array;

  constructor(garments: number) {
    this.#starts = new Uint32Array(garments);
    this.#middles = new Uint32Array(garments);
    this.#ends = new Uint32Array(garments);
    this.#isSet = new Uint8Array(garments);
  }

  has(place: number): boolean {
    return this.#isSet[place] === 1;
  }

  set(place: number, { positive, unknown }: AttributeSet): void {
    this.#isSet[place] = 1;
    this.#starts[place] = this.#used;
    for (const id of positive) this.#push(id);
    this.#middles[place] = this.#used;
    for (const id of unknown) this.#push(id);
    this.#ends[place] = this.#used;
  }

  /** Null where nothing is said of the garment. */
  get(place: number): AttributeSet | null {
    if (!this.has(place)) return null;
    const middle = this.#middles[place] as number;
    return {
      positive: this.#idsFrom(this.#starts[place] as number, middle),
      unknown: this.#idsFrom(middle, this.#ends[place] as number),
    };
  }

  #idsFrom(start: number, end: number): number[] {
    const ids: number[] = [];
    for (let at = start; at < end; at += 1) ids.push(this.#ids[at] as number);
    return ids;
  }

  #push(id: number): void {
    if (this.#used === this.#ids.length) this.#ids = doubled(this.#ids);
    this.#ids[this.#used] = id;
    this.#used += 1;
  }
}
