/** The images of a dataset that is being read, by place: where sizes found on the disk are filled in. */
export interface ImageSlots {
  readonly count: number;
  fileName(place: number): string;
  /** Width, height in pixels; null where the annotations do not say it. */
  size(place: number): readonly [number, number] | null;
  setSize(place: number, width: number, height: number): void;
  /** Id that the image will have. */
  id(place: number): number;
  /** File and line that name the image. */
  origin(place: number): { readonly file: string; readonly line: number };
}
