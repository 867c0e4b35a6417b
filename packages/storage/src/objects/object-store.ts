/** Names one stored object; travels in events and gRPC in place of the bytes. */
export interface ObjectReference {
  /** Slash-separated path inside the store, e.g. `photos/ab/abcd…`. */
  readonly key: string;
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
  readonly contentType: string;
  readonly bytes: number;
}

export interface ByteRange {
  /** First byte, counted from 0. */
  readonly start: number;
  /** Last byte, inclusive. */
  readonly end: number;
}

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was put last. */
  readonly modifiedAt: Date;
}

/**
 * The port to object storage. Writes are atomic (a reader sees the whole object or none) and last-writer-wins; a
 * read after a completed write sees it. Keys: 1 to 512 characters of `[A-Za-z0-9._/-]`, no empty, `.` or `..` segment,
 * each segment at most 120 characters (file systems allow 255, and upper-case letters take two).
 *
 * @throws InvalidObjectKeyError, ObjectNotFoundError, ObjectCorruptError (bytes do not match their SHA-256),
 *   StorageFullError, ObjectStoreUnavailableError
 */
export interface ObjectStore {
  put(key: string, bytes: Uint8Array, contentType: string): Promise<ObjectReference>;
  /** The whole object, checked against its SHA-256. */
  get(key: string): Promise<Uint8Array>;
  /**
   * The bytes as they are read; `end` may lie behind the end of the object. A stream of the whole object fails at its
   * end where the bytes do not match their SHA-256; a range is not checked.
   *
   * @throws InvalidRangeError where `start` is not inside the object
   */
  stream(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** The reference of an object, or null where there is none. */
  head(key: string): Promise<ObjectReference | null>;
  /** Keys under a prefix, in lexical order; those after a key alone where one is given. */
  list(prefix: string, after?: string): AsyncIterable<ListedObject>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  /** A URL that lets its bearer GET the object until it expires (1 second to 7 days). */
  signedUrl(key: string, expiresSeconds: number): Promise<string>;
  /** Throws where the store cannot be written to, with the way out. */
  check(): Promise<void>;
  close(): Promise<void>;
}
