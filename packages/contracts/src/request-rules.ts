/** Rules of what people ask for. The command line judges by them before anything starts, the services when they are asked. */

/** Spring/summer, fall/winter, pre-collections and couture of a year, in capitals. */
export const SEASON = /^(SS|FW|RESORT|PREFALL|COUTURE)\d{4}$/;
export const SEASON_RULE = 'must be SS, FW, RESORT, PREFALL or COUTURE and a year, e.g. FW2019';

/** Steps of one training. */
export const MAX_TRAINING_STEPS = 10_000_000;

/** Id of a dataset or a detector model: a SHA-256 in lower-case hex digits. */
export const CONTENT_ID = /^[0-9a-f]{64}$/;
