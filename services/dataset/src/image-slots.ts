/** The images of a dataset that is being read, by place: what is seen of them on the disk is told to them. */
export interface ImageSlots {
  readonly count: number;
  fileName(place: number): string;
  /** Place of the group that it belongs to; see ImagePlaces. */
  group(place: number): number;
  /** Width, height in pixels as the annotations say them; null where they do not. */
  size(place: number): readonly [number, number] | null;
  see(place: number, seen: SeenImage): void;
  /** Id that the image will have. */
  id(place: number): number;
  /** File and line that name the image. */
  origin(place: number): { readonly file: string; readonly line: number };
}

/** What the header of an image says. */
export interface SeenImage {
  /** Pixels as they are stored. */
  readonly width: number;
  readonly height: number;
  /** EXIF's 1 to 8: how what is stored is turned and mirrored to be shown; 1 is not at all. */
  readonly orientation: number;
}
