/** Failures of this package; each carries a stable `code` and a message that names what to do. */
export class VisionError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The bytes are no photograph that can be decoded: another format, cut short or corrupt. */
export class UnreadableImageError extends VisionError {
  constructor(why: string, cause?: unknown) {
    super(
      'UNREADABLE_IMAGE',
      `Not a readable photograph: ${why}. Give a whole JPEG, PNG, WebP, GIF, AVIF or TIFF file.`,
      cause === undefined ? undefined : { cause },
    );
  }
}

/** The photograph has more pixels than the caller allows, or takes more memory to decode than the process allows. */
export class ImageTooLargeError extends VisionError {
  constructor(width: number, height: number, limit: string) {
    super(
      'IMAGE_TOO_LARGE',
      `The photograph is ${width} x ${height} = ${width * height} pixels, ${limit}. Scale it down or raise the limit.`,
    );
  }
}

/** An array does not have the length or the sizes that its shape promises. */
export class ArrayShapeError extends VisionError {
  constructor(what: string, expected: string, actual: string) {
    super('ARRAY_SHAPE', `${what}: expected ${expected} but got ${actual}.`);
  }
}
