import { createHash } from 'node:crypto';
import { nameKey } from '@deepstyle/contracts';
import { ObjectCorruptError, type ObjectStore } from '@deepstyle/storage';
import type { MemoryBudget } from '@deepstyle/vision';
import { RejectedSourceError, type RejectionCode } from './errors.ts';
import type { Photograph, PhotographLimits } from './photograph.ts';
import type { NewPhoto, Run } from './records.ts';
import {
  type Candidate,
  cleanText,
  type PhotoClaims,
  type SourceItem,
} from './sources/source-item.ts';

/** What became of one source. */
export type Outcome =
  | {
      readonly kind: 'photo';
      readonly key: string;
      readonly name: string;
      readonly photo: NewPhoto;
    }
  | {
      readonly kind: 'rejected';
      readonly key: string;
      readonly name: string;
      readonly code: RejectionCode;
      readonly reason: string;
      readonly isLost?: boolean;
    };

/** What taking a photograph needs. */
export interface Taking {
  readonly objects: Pick<ObjectStore, 'head' | 'put'>;
  readonly settings: PhotographLimits;
  /** Holds the bytes of each photograph until it is stored or rejected. */
  readonly photoMemory: MemoryBudget;
  readonly inspect: Inspect;
}

/** inspectPhotograph, or the same in a process of its own. */
export type Inspect = (
  bytes: Uint8Array,
  limits: PhotographLimits,
  signal: AbortSignal,
) => Promise<Photograph>;

const MAX_NAME = 2000;
const MAX_REASON = 500;

/** Key of a source in the records: its length is bounded, that of a path or address is not. */
export function sourceKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function photoKey(id: string): string {
  return `photos/${id.slice(0, 2)}/${id}`;
}

/**
 * Reads, checks and stores the photograph of a source. Storing the same bytes again does no harm, so that this may be
 * repeated after any interruption.
 *
 * @throws what the object store throws, and the signal's reason; a source that gives no photograph is an outcome
 */
export async function takePhoto(
  item: SourceItem,
  run: Pick<Run, 'brand'>,
  { objects, settings, photoMemory, inspect }: Taking,
  signal: AbortSignal,
): Promise<Outcome> {
  const key = sourceKey(item.key);
  const name = cleanText(item.name, MAX_NAME) ?? '';
  if (item.kind === 'rejected') return rejected(item.code, item.reason, item.isLost);
  const memory = photoMemory.lease();
  try {
    const claims = claimsInRun(item, run.brand);
    const bytes = await item.read(signal, memory);
    const photograph = await inspect(bytes, settings, signal);
    const objectKey = photoKey(photograph.id);
    if (!(await isStored(objects, objectKey))) {
      await objects.put(objectKey, bytes, photograph.contentType);
    }
    const source = cleanText(item.source, MAX_NAME) ?? '';
    return { kind: 'photo', key, name, photo: { ...photograph, objectKey, source, claims } };
  } catch (error) {
    if (!(error instanceof RejectedSourceError)) throw error;
    return rejected(error.rejection, error.message, error.isLost);
  } finally {
    memory.keep(0);
  }

  function rejected(code: RejectionCode, text: string, isLost = false): Outcome {
    const reason = cleanText(text, MAX_REASON) ?? code;
    return { kind: 'rejected', key, name, code, reason, isLost };
  }
}

/** Whether an object is there whole; a damaged one is written again, as its bytes are at hand. */
async function isStored(objects: Taking['objects'], key: string): Promise<boolean> {
  try {
    return (await objects.head(key)) !== null;
  } catch (error) {
    if (error instanceof ObjectCorruptError) return false;
    throw error;
  }
}

/** In a run of one brand, what names no brand is taken to be of it. @throws RejectedSourceError OTHER_BRAND */
function claimsInRun({ claims }: Candidate, brand: string | null): PhotoClaims {
  if (brand === null) return claims;
  if (claims.brand !== null && nameKey(claims.brand) !== nameKey(brand)) {
    throw new RejectedSourceError(
      'OTHER_BRAND',
      `It is of ${claims.brand}; the run is limited to ${brand}.`,
    );
  }
  return { ...claims, brand };
}
