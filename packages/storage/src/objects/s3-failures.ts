import { DeepStyleError } from '@deepstyle/platform';
import {
  ObjectNotFoundError,
  ObjectStoreSettingsError,
  ObjectStoreUnavailableError,
  StorageFullError,
} from '../errors.ts';

/** What may be said of the store in a message: everything but the secret. */
export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
}

const FULL = new Set(['InsufficientStorage', 'XMinioStorageFull', 'QuotaExceeded', 'NoSpaceLeft']);
const NOT_FOUND = new Set(['NoSuchKey', 'NotFound']);

/** Codes of the S3 API ("Error responses") that come from wrong settings. */
const SETTINGS: Readonly<Record<string, (place: S3Place) => string>> = {
  NoSuchBucket: ({ bucket, endpoint }) => `There is no bucket ${bucket} at ${endpoint}.`,
  InvalidAccessKeyId: ({ accessKey, endpoint }) =>
    `The object store ${endpoint} does not know the access key ${accessKey}.`,
  SignatureDoesNotMatch: ({ accessKey, endpoint }) =>
    `The object store ${endpoint} refuses the secret key of ${accessKey}.`,
  AccessDenied: ({ accessKey, bucket, endpoint }) =>
    `The object store ${endpoint} does not let ${accessKey} use the bucket ${bucket}. ` +
    'Check both keys, and grant reading, writing, listing and deleting.',
  PermanentRedirect: ({ bucket }) => `The bucket ${bucket} is in another region.`,
  AuthorizationHeaderMalformed: ({ bucket }) => `The bucket ${bucket} is in another region.`,
  InvalidBucketName: ({ bucket }) => `${bucket} cannot name a bucket.`,
};

/** What a failure of the client or the server means; `key` is null for what concerns the whole bucket. */
export function describeS3Failure(error: unknown, place: S3Place, key: string | null): Error {
  if (error instanceof DeepStyleError) return error;
  const { message = '', name = '' } = error as Partial<Error>;
  // What the client refuses by itself has a name but no code.
  const { code = name.replace(/Error$/, '') } = error as { code?: string };
  if (key !== null && NOT_FOUND.has(code)) return new ObjectNotFoundError(key);
  if (FULL.has(code) || message.includes('status: 507')) {
    return new StorageFullError(`the bucket ${place.bucket} at ${place.endpoint}`, error);
  }
  const settings = SETTINGS[code];
  if (settings !== undefined) return new ObjectStoreSettingsError(settings(place), error);
  return new ObjectStoreUnavailableError(
    `The object store ${place.endpoint} does not answer as it should: ${message || code || 'no answer'}.`,
    error,
  );
}
