import { createRandom, shuffled } from '@deepstyle/vision';

/** What can befall a process, a server or a run. */
export type FaultKind =
  /** Ended as by a crash, and started again after a while. */
  | 'kill'
  /** Ended in good order, and started again after a while. */
  | 'stop'
  /** Ended in good order, and started again at once. */
  | 'restart'
  /** Stands still for a while. */
  | 'pause'
  /** Its connections break, and it takes no new ones for a while. */
  | 'cut'
  /** Its connections stand, but nothing comes through for a while. */
  | 'silence'
  /** It refuses its clients' password for a while. */
  | 'credentials'
  /** Nothing can be written for a while. */
  | 'disk-full'
  /** It takes the time to be an hour earlier for a while. */
  | 'clock-back'
  /** It takes the time to be an hour later for a while. */
  | 'clock-ahead'
  /** A run is canceled, and resumed after a while. */
  | 'cancel'
  /** What failed in a run is tried again. */
  | 'retry';

/** Something that faults befall. */
export interface FaultTarget {
  readonly name: string;
  /** A kind named twice befalls it twice as often. */
  readonly kinds: readonly FaultKind[];
}

export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly target: string;
  readonly durationMs: number;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly targets: readonly FaultTarget[];
  /** All faults are over by then. */
  readonly lengthMs: number;
  /** From one fault to the next, at least and at most. */
  readonly gapMs: readonly [number, number];
}

/** How long each lasts, at least and at most, ms. */
const DURATIONS: Readonly<Record<FaultKind, readonly [number, number]>> = {
  kill: [300, 6_000],
  stop: [300, 6_000],
  restart: [0, 0],
  // At the longest past the lease of a message and that of a training.
  pause: [1_000, 30_000],
  cut: [500, 8_000],
  silence: [1_000, 15_000],
  credentials: [2_000, 10_000],
  'disk-full': [2_000, 8_000],
  'clock-back': [3_000, 20_000],
  'clock-ahead': [3_000, 20_000],
  cancel: [300, 15_000],
  retry: [0, 0],
};
const MAX_AT_ONCE = 2;

/**
 * Faults in the order of their time; the same seed gives the same ones. Each kind befalls each of its targets once before
 * any comes again, no target has two at once, and no more than two targets have one.
 */
export function planFaults({ seed, targets, lengthMs, gapMs }: ScheduleOptions): readonly Fault[] {
  const random = createRandom(seed);
  const between = ([least, most]: readonly [number, number]) =>
    Math.round(least + random() * (most - least));
  const cards = targets.flatMap(({ name, kinds }) => kinds.map((kind) => ({ kind, target: name })));
  if (cards.length === 0) return [];
  const faults: Fault[] = [];
  let deck: typeof cards = [];
  for (let atMs = between(gapMs); ; atMs += between(gapMs)) {
    if (deck.length === 0) deck = shuffled(cards, random);
    const underWay = faults.filter((fault) => endOf(fault) >= atMs);
    const place = deck.findIndex(({ target }) => underWay.every((one) => one.target !== target));
    if (place < 0 || underWay.length >= MAX_AT_ONCE) continue;
    const [card] = deck.splice(place, 1) as [(typeof cards)[number]];
    const fault = { ...card, atMs, durationMs: between(DURATIONS[card.kind]) };
    if (endOf(fault) > lengthMs) return faults;
    faults.push(fault);
  }
}

export function endOf({ atMs, durationMs }: Fault): number {
  return atMs + durationMs;
}
