import { DeepStyleError } from '@deepstyle/platform';

export class InvalidSeasonError extends DeepStyleError {
  constructor(season: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'SEASON_INVALID',
      message: `"${season}" is no season. Write SS, FW, RESORT, PREFALL or COUTURE and the year, e.g. FW2019.`,
    });
  }
}

/** Another run changed the season while its statistics were computed, again and again. */
export class SeasonBusyError extends DeepStyleError {
  constructor(season: string) {
    super({
      code: 'ABORTED',
      reason: 'SEASON_BUSY',
      message: `The garments of ${season} changed each time while its trends were computed. It will be tried again.`,
    });
  }
}

/** Only a run that is held can be let go on. */
export class RunNotHeldError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'RUN_NOT_HELD',
      message: `The run ${runId} is not held, so there is nothing to let go on. \`publishing\` of the run says how far it is.`,
    });
  }
}

/** A person canceled the run, or asked for it again, while it was published: what was under way stops. */
export class RunChangedError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'ABORTED',
      reason: 'RUN_CHANGED',
      message: `The run ${runId} was canceled or tried again while it was published.`,
    });
  }
}

/** None of a model's designs can be shown. */
export class NoDesignsError extends DeepStyleError {
  constructor(modelId: string, readable: number, memorized: number) {
    const problem =
      readable === 0
        ? 'it rendered no readable image'
        : `${memorized} of its ${readable} designs repeat a training garment`;
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'NO_DESIGNS',
      message: `The model ${modelId} gives no collection: ${problem}. Train it on more garments or for more steps.`,
    });
  }
}

/** The trainer sent a design without its image. */
export class InvalidDesignError extends DeepStyleError {
  constructor() {
    super({
      code: 'DATA_LOSS',
      reason: 'DESIGN_WITHOUT_IMAGE',
      message: 'The gan-trainer announced a design without saying where its image is stored.',
    });
  }
}
