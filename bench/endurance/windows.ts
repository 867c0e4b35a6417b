/** What the graph says of a run. */
export interface Progress {
  readonly scraping: { readonly done: number };
  readonly cropping: { readonly done: number } | null;
  readonly publishing: { readonly state: string } | null;
}

export interface Sample {
  /** Photographs so far. */
  readonly scraped: number;
  readonly cropped: number;
  /** Seconds of CPU so far. */
  readonly cpu: number;
  readonly rssMb: number;
}

export interface Window {
  /** How many photographs had been cropped at its end. */
  readonly photos: number;
  readonly scraped: number;
  readonly cropped: number;
  /** Of one photograph on its whole way. */
  readonly cpuMs: number;
  /** To what its photographs would cost if each step cost the same all along. */
  readonly relative: number;
  readonly rssMb: number;
}

/**
 * The samples by thousands of photographs. Scraping runs ahead of cropping, so that a window may hold more of one than of
 * the other: what each costs is fitted to all windows but the first, and a window is compared with what its own would cost.
 */
export function windowsOf(samples: readonly Sample[], size: number): readonly Window[] {
  const cuts = samples.filter(({ cropped }, index) => {
    const before = samples[index - 1]?.cropped ?? -1;
    return Math.floor(cropped / size) > Math.floor(before / size);
  });
  const steps = cuts.slice(1).map((end, index) => {
    const begin = cuts[index] ?? end;
    return {
      end,
      scraped: end.scraped - begin.scraped,
      cropped: end.cropped - begin.cropped,
      cpu: end.cpu - begin.cpu,
    };
  });
  const cost = fitted(steps.slice(1));
  return steps.map(({ end, scraped, cropped, cpu }) => {
    const relative = cpu / (cost.scraping * scraped + cost.cropping * cropped);
    return {
      photos: end.cropped,
      scraped,
      cropped,
      cpuMs: 1_000 * relative * (cost.scraping + cost.cropping),
      relative,
      rssMb: Math.round(end.rssMb),
    };
  });
}

interface Step {
  readonly scraped: number;
  readonly cropped: number;
  readonly cpu: number;
}

/** Least squares; where the two go hand in hand nothing tells them apart, and together they cost the same. */
function fitted(steps: readonly Step[]): { readonly scraping: number; readonly cropping: number } {
  const sum = (of: (step: Step) => number) => steps.reduce((total, step) => total + of(step), 0);
  const [ss, sc, cc] = [
    sum((s) => s.scraped ** 2),
    sum((s) => s.scraped * s.cropped),
    sum((s) => s.cropped ** 2),
  ];
  const [sy, cy] = [sum((s) => s.scraped * s.cpu), sum((s) => s.cropped * s.cpu)];
  const determinant = ss * cc - sc * sc;
  const scraping =
    determinant < 1e-3 * ss * cc ? 0 : Math.max(0, (sy * cc - cy * sc) / determinant);
  return { scraping, cropping: (cy - scraping * sc) / cc };
}
