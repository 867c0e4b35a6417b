import { DeepStyleError } from '@deepstyle/platform';

/** Why a source gave no photograph. Stable, as clients of the graph read them. */
export const REJECTION_CODES = [
  'NOT_AN_IMAGE',
  'TOO_SMALL',
  'TOO_LARGE',
  'TRUNCATED',
  'HTTP_STATUS',
  'ROBOTS_DISALLOWED',
  'OPTED_OUT',
  'PRIVATE_ADDRESS',
  'TIMEOUT',
  'UNREACHABLE',
  'TOO_MANY_REDIRECTS',
  'UNSUPPORTED_URL',
  'UNREADABLE',
  'OUTSIDE_FOLDER',
  'INVALID_LINE',
  'OTHER_BRAND',
  'TOO_COSTLY',
  'CRASHED',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** One source gave no photograph; the run goes on. */
export class RejectedSourceError extends DeepStyleError {
  readonly rejection: RejectionCode;
  /** Whether it is for a fault of the moment, so that another try may give the photograph. */
  readonly isLost: boolean = false;

  constructor(rejection: RejectionCode, message: string, cause?: unknown) {
    super({ code: 'FAILED_PRECONDITION', reason: rejection, message, cause });
    this.rejection = rejection;
  }
}

/** A fault of the host or of the way to it kept the photograph from us, not what the source is. */
export class LostSourceError extends RejectedSourceError {
  override readonly isLost = true;
}

/** Text that takes more than it may. */
export function tooCostly(problem: string, cause?: unknown): RejectedSourceError {
  return new RejectedSourceError('TOO_COSTLY', problem, cause);
}

export class FolderNotFoundError extends DeepStyleError {
  constructor(folder: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'FOLDER_NOT_FOUND',
      message: `There is no folder ${folder}. Check the path; a relative one is counted from where the scraper was started.`,
    });
  }
}

export class NotAFolderError extends DeepStyleError {
  constructor(folder: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'NOT_A_FOLDER',
      message: `${folder} is not a folder. Pass the folder that holds the photographs, or a JSON Lines file as manifest.`,
    });
  }
}

export class FolderEmptyError extends DeepStyleError {
  constructor(folder: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'FOLDER_EMPTY',
      message: `The folder ${folder} holds no files (hidden ones do not count). Put photographs into it, or into subfolders named after their categories.`,
    });
  }
}

export class SourceUnreadableError extends DeepStyleError {
  constructor(path: string, cause: unknown) {
    super({
      code: 'PERMISSION_DENIED',
      reason: 'SOURCE_UNREADABLE',
      message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}). Let the user that runs the scraper read it.`,
      cause,
    });
  }
}

export class SeasonFolderMissingError extends DeepStyleError {
  constructor(folder: string, season: string, found: readonly string[]) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'SEASON_FOLDER_MISSING',
      message: `The folder ${folder} is arranged by seasons (${found.join(', ')}) but has none for ${season}. Choose one of these seasons, or pass the folder of one season.`,
    });
  }
}

export class FolderNotPermittedError extends DeepStyleError {
  constructor(path: string, allowed: readonly string[]) {
    const roots = allowed.length === 0 ? 'It allows none' : `It allows ${allowed.join(', ')}`;
    super({
      code: 'PERMISSION_DENIED',
      reason: 'FOLDER_NOT_PERMITTED',
      message: `${path} is in no folder that SCRAPER_FOLDERS allows. ${roots}; add the folder there, or serve the photographs by HTTP.`,
    });
  }
}

export class ManifestNotFoundError extends DeepStyleError {
  constructor(path: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'MANIFEST_NOT_FOUND',
      message: `There is no manifest file ${path}. Check the path; a relative one is counted from where the scraper was started.`,
    });
  }
}

export class ManifestEmptyError extends DeepStyleError {
  constructor(path: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'MANIFEST_EMPTY',
      message: `The manifest ${path} is empty. It needs one JSON object a line, e.g. {"file": "dress/1.jpg", "category": "dress"}.`,
    });
  }
}

export class UrlNotPermittedError extends DeepStyleError {
  constructor(url: string, problem: string) {
    super({
      code: 'PERMISSION_DENIED',
      reason: 'URL_NOT_PERMITTED',
      message: `${url} is not collected from: ${problem}`,
    });
  }
}

export class HostNotFoundError extends DeepStyleError {
  constructor(url: string, host: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'HOST_NOT_FOUND',
      message: `The host ${host} of ${url} has no address. Check its spelling.`,
    });
  }
}

export class DetectorNotTrainedError extends DeepStyleError {
  constructor(cause: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DETECTOR_NOT_TRAINED',
      message:
        'No detector model is trained yet. Pass detector "none" where each photograph shows one garment, "pose" to find garments by the joints of people, or train a detector first.',
      cause,
    });
  }
}

export class RunKeyReusedError extends DeepStyleError {
  constructor(key: string, run: string) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'IDEMPOTENCY_KEY_REUSED',
      message: `The idempotency key "${key}" started ${run} with other sources or settings. Send that request again to get its run, or take a new key for a new one.`,
    });
  }
}

/** Only a canceled run can be resumed. */
export class RunNotCanceledError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'RUN_NOT_CANCELED',
      message: `The run ${runId} is not canceled, so there is nothing to resume.`,
    });
  }
}

/** A canceled run is resumed before what failed in it is tried again. */
export class RunCanceledError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'RUN_CANCELED',
      message: `The run ${runId} is canceled. Resume it first, and retry it once it has ended.`,
    });
  }
}

/** What failed is known once the photographs are collected. */
export class RunStillCollectingError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'RUN_STILL_COLLECTING',
      message: `The photographs of run ${runId} are still being collected. Retry it once \`scraping\` has ended.`,
    });
  }
}

/** The process was asked to stop; the run goes on with the next delivery of its job. */
export class CollectingInterruptedError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'CANCELLED',
      reason: 'COLLECTING_INTERRUPTED',
      message: `Collecting for run ${runId} was interrupted and goes on at the next start.`,
    });
  }
}
