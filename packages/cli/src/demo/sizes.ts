/** How much of everything a demo draws and trains. */
export interface DemoSizes {
  /** Scenes of each of the three seasons. */
  readonly perSeason: number;
  /** Scenes to train the detector on, to choose by and to report on: of other seeds than the seasons. */
  readonly train: number;
  readonly val: number;
  readonly test: number;
  /** Longest training of the detector. */
  readonly detectorSeconds: number;
  readonly ganSteps: number;
  /** Garments that measure the GAN and are never trained on. */
  readonly heldOut: number;
}

export const DEMO_SIZES = {
  full: {
    // Some 390 garments a season: the three together leave more to train the GAN on than the 500 that measure it.
    perSeason: 180,
    train: 640,
    val: 40,
    test: 300,
    detectorSeconds: 125,
    ganSteps: 400,
    heldOut: 500,
  },
  quick: {
    perSeason: 40,
    train: 160,
    val: 20,
    test: 60,
    detectorSeconds: 25,
    ganSteps: 40,
    heldOut: 60,
  },
} as const satisfies Record<string, DemoSizes>;

/** What the services are told, unless the caller tells them something else. */
export function demoSettings({ heldOut }: DemoSizes): Readonly<Record<string, string>> {
  return {
    // The scraper goes to no private address unasked; the site of the demo is one.
    SCRAPER_ALLOWED_HOSTS: '127.0.0.1',
    // Scenes are small: a pair of shorts in the second row is 20 px high.
    CROPPER_MIN_SIDE_PX: '12',
    // No two garments of a scene overlap by more than a third: two boxes that do by half are one garment.
    CROPPER_MAX_OVERLAP: '0.5',
    // A season is too small alone: the last one's GAN sees the garments of all three.
    GAN_EARLIER_RUNS: '2',
    GAN_HELD_OUT: String(heldOut),
  };
}
