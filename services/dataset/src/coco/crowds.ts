import { asRow, type JsonRow } from './values.ts';

/**
 * Tells crowds that hardly are any: CVAT writes each mask that is painted as one, and training and evaluation leave crowds
 * out. Those of COCO stand beside many more garments of their category.
 */
export class CrowdTally {
  /** Annotations and crowds of each category. */
  readonly #counts = new Map<string, { all: number; crowds: number }>();
  #isOfCvat = false;

  add(category: string, row: JsonRow, isCrowd: 0 | 1): void {
    const count = this.#counts.get(category) ?? { all: 0, crowds: 0 };
    this.#counts.set(category, count);
    count.all += 1;
    count.crowds += isCrowd;
    if (isCrowd === 1 && asRow(row.attributes)?.occluded !== undefined) this.#isOfCvat = true;
  }

  /** What to say of a file's crowds; null where they are as COCO means them. */
  summary(): string | null {
    const counts = [...this.#counts];
    const only = counts.filter(([, { all, crowds }]) => all === crowds);
    const sum = (field: 'all' | 'crowds') =>
      counts.reduce((total, [, count]) => total + count[field], 0);
    const areMost = sum('all') > 0 && sum('crowds') * 2 >= sum('all');
    if (only.length === 0 && !areMost && !this.#isOfCvat) return null;
    const names = only.map(([name]) => `"${name}"`).slice(0, 5);
    const rest = names.length === 0 ? '' : `, all of ${names.join(', ')}`;
    return `${sum('crowds')} of ${sum('all')} annotations are crowds${rest}.`;
  }
}
