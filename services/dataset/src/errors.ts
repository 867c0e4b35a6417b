import { DeepStyleError } from '@deepstyle/platform';

/** This version has no importer. */
export class ImportNotAvailableError extends DeepStyleError {
  constructor() {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_AVAILABLE_YET',
      message:
        'Importing datasets is not available in this version. Runs need none where each photograph shows one garment: start them with detector "none".',
    });
  }
}
