/** How much of everything a demo draws and trains. */
export interface DemoSizes {
  /** Scenes of each of the three seasons. */
  readonly perSeason: number;
  /** Scenes to train the detector on, to choose by and to report on: of other seeds than the seasons. */
  readonly train: number;
  readonly val: number;
  readonly test: number;
  /** The detector's training: so many steps, but no longer than so many seconds. */
  readonly detectorSteps: number;
  readonly detectorSeconds: number;
  readonly ganSteps: number;
  /** Garments that measure the GAN and are never trained on. */
  readonly heldOut: number;
  /** Score from which a detection becomes a garment, in [0, 1]. */
  readonly minScore: number;
}

export const DEMO_SIZES = {
  full: {
    // Some 390 garments a season: the three together leave more to train the GAN on than the 500 that measure it.
    perSeason: 180,
    train: 640,
    val: 40,
    test: 300,
    // What two quiet cores do in 125 seconds; the limit leaves them half as much again on a slow day. With 400, the shares of
    // one seed in three were more than five points off.
    detectorSteps: 480,
    detectorSeconds: 175,
    ganSteps: 420,
    heldOut: 500,
    minScore: 0.5,
  },
  quick: {
    perSeason: 40,
    train: 300,
    val: 20,
    test: 60,
    // In 54 seconds.
    detectorSteps: 200,
    detectorSeconds: 70,
    ganSteps: 40,
    heldOut: 60,
    // A detector that was trained for less than a minute is sure of nothing.
    minScore: 0.2,
  },
} as const satisfies Record<string, DemoSizes>;

/** What the services are told, unless the caller tells them something else. */
export function demoSettings({ heldOut, minScore }: DemoSizes): Readonly<Record<string, string>> {
  return {
    // The scraper goes to no private address unasked; the site of the demo is one.
    SCRAPER_ALLOWED_HOSTS: '127.0.0.1',
    // Scenes are small: a pair of shorts in the second row is 20 px high.
    CROPPER_MIN_SIDE_PX: '12',
    CROPPER_MIN_SCORE: String(minScore),
    // No two garments of a scene overlap by more than a third: two boxes that do by half are one garment.
    CROPPER_MAX_OVERLAP: '0.5',
    // A season is too small alone: the last one's GAN sees the garments of all three.
    GAN_EARLIER_RUNS: '2',
    GAN_HELD_OUT: String(heldOut),
  };
}
