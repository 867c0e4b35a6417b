/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type AnnotationSet =
  | 'COARSE'
  | 'FINE';

export type BoxConvention =
  | 'EXCLUSIVE'
  | 'INCLUSIVE';

export type ChangeRunInput = {
  readonly run: string;
};

export type DatasetSource =
  | 'DEEPFASHION'
  | 'COCO';

export type DeadLetterStream =
  | 'EVENTS'
  | 'JOBS';

export type DetectorLabels =
  | 'CATEGORIES'
  | 'TYPES';

export type Direction =
  | 'RISING'
  | 'FALLING'
  | 'UNCHANGED';

export type GanPolicyInput = {
  readonly steps?: number | null | undefined;
  readonly skip?: boolean | null | undefined;
};

export type ImportDatasetInput = {
  readonly idempotencyKey: string;
  readonly name: string;
  readonly folder: string;
  readonly format?: DatasetSource | null | undefined;
  readonly strict?: boolean | null | undefined;
  readonly boxConvention?: BoxConvention | null | undefined;
  readonly annotationSet?: AnnotationSet | null | undefined;
  readonly attributes?: boolean | null | undefined;
  readonly storeImages?: boolean | null | undefined;
  readonly sizes?: string | null | undefined;
  readonly images?: string | null | undefined;
  readonly pixels?: PixelFrame | null | undefined;
};

export type IrregularityEffect =
  | 'NOTED'
  | 'REPAIRED'
  | 'DROPPED';

export type PixelFrame =
  | 'SHOWN'
  | 'STORED';

export type PublishRunInput = {
  readonly run: string;
};

export type SourceInput = {
  readonly folder?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly manifest?: string | null | undefined;
};

export type StageState =
  | 'WAITING'
  | 'RUNNING'
  | 'DONE'
  | 'SKIPPED'
  | 'HELD'
  | 'CANCELED'
  | 'FAILED';

export type StartRunInput = {
  readonly idempotencyKey: string;
  readonly season: string;
  readonly brand?: string | null | undefined;
  readonly sources: ReadonlyArray<SourceInput>;
  readonly detector?: string | null | undefined;
  readonly gan?: GanPolicyInput | null | undefined;
};

export type TrainDetectorInput = {
  readonly idempotencyKey: string;
  readonly dataset: string;
  readonly labels?: DetectorLabels | null | undefined;
  readonly steps?: number | null | undefined;
  readonly maxSeconds?: number | null | undefined;
  readonly seed?: number | null | undefined;
};

export type ImportDatasetVariables = Exact<{
  input: ImportDatasetInput;
}>;


export type ImportDataset = { readonly importDataset: { readonly import: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type DatasetImportVariables = Exact<{
  id: string;
}>;


export type DatasetImport = { readonly datasetImport: { readonly progress: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly dataset: { readonly id: string, readonly name: string, readonly images: number, readonly annotations: number, readonly storedImages: number, readonly boxConvention: BoxConvention, readonly splits: { readonly train: number, readonly val: number, readonly test: number, readonly none: number }, readonly categories: ReadonlyArray<{ readonly number: number, readonly name: string, readonly type: string }> } | null, readonly irregularities: ReadonlyArray<{ readonly code: string, readonly effect: IrregularityEffect, readonly meaning: string, readonly count: number, readonly examples: ReadonlyArray<{ readonly file: string, readonly line: number | null, readonly detail: string }> }> } | null };

export type DatasetToExportVariables = Exact<{
  id: string;
}>;


export type DatasetToExport = { readonly dataset: { readonly id: string, readonly name: string, readonly annotationsUrl: string } | null };

export type ImportView = { readonly progress: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly dataset: { readonly id: string, readonly name: string, readonly images: number, readonly annotations: number, readonly storedImages: number, readonly boxConvention: BoxConvention, readonly splits: { readonly train: number, readonly val: number, readonly test: number, readonly none: number }, readonly categories: ReadonlyArray<{ readonly number: number, readonly name: string, readonly type: string }> } | null, readonly irregularities: ReadonlyArray<{ readonly code: string, readonly effect: IrregularityEffect, readonly meaning: string, readonly count: number, readonly examples: ReadonlyArray<{ readonly file: string, readonly line: number | null, readonly detail: string }> }> };

export type DatasetView = { readonly id: string, readonly name: string, readonly images: number, readonly annotations: number, readonly storedImages: number, readonly boxConvention: BoxConvention, readonly splits: { readonly train: number, readonly val: number, readonly test: number, readonly none: number }, readonly categories: ReadonlyArray<{ readonly number: number, readonly name: string, readonly type: string }> };

export type DeadLettersVariables = Exact<{
  after?: string | null | undefined;
}>;


export type DeadLetters = { readonly deadLetters: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly stream: DeadLetterStream, readonly service: string | null, readonly work: string, readonly attempts: number, readonly cause: string, readonly at: string, readonly run: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DeadLetterDetailsVariables = Exact<{
  id: string;
}>;


export type DeadLetterDetails = { readonly deadLetter: { readonly subject: string, readonly messageId: string, readonly payload: string | null, readonly payloadBytes: number, readonly id: string, readonly stream: DeadLetterStream, readonly service: string | null, readonly work: string, readonly attempts: number, readonly cause: string, readonly at: string, readonly run: string | null } | null };

export type RetryDeadLetterVariables = Exact<{
  id: string;
}>;


export type RetryDeadLetter = { readonly retryDeadLetter: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type DropDeadLetterVariables = Exact<{
  id: string;
}>;


export type DropDeadLetter = { readonly dropDeadLetter: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type DeadLetterView = { readonly id: string, readonly stream: DeadLetterStream, readonly service: string | null, readonly work: string, readonly attempts: number, readonly cause: string, readonly at: string, readonly run: string | null };

export type TrainDetectorVariables = Exact<{
  input: TrainDetectorInput;
}>;


export type TrainDetector = { readonly trainDetector: { readonly training: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type DetectorTrainingVariables = Exact<{
  id: string;
}>;


export type DetectorTraining = { readonly detectorTraining: { readonly progress: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly model: { readonly id: string, readonly labels: DetectorLabels, readonly steps: number | null, readonly trainSeconds: number | null, readonly parameters: number | null, readonly evaluation: { readonly split: string, readonly images: number, readonly ap: number | null, readonly ap50: number | null, readonly ap50ByType: number | null, readonly detectionsUrl: string, readonly categories: ReadonlyArray<{ readonly name: string, readonly ap: number | null, readonly ap50: number | null }> } | null } | null } | null };

export type DetectorWeightsVariables = Exact<{
  id: string;
}>;


export type DetectorWeights = { readonly detectorModel: { readonly id: string, readonly weightsUrl: string | null } | null };

export type ActiveDetectorWeightsVariables = Exact<{ [key: string]: never; }>;


export type ActiveDetectorWeights = { readonly activeDetectorModel: { readonly id: string, readonly weightsUrl: string | null } | null };

export type DetectorWeightsView = { readonly id: string, readonly weightsUrl: string | null };

export type DetectorModelView = { readonly id: string, readonly labels: DetectorLabels, readonly steps: number | null, readonly trainSeconds: number | null, readonly parameters: number | null, readonly evaluation: { readonly split: string, readonly images: number, readonly ap: number | null, readonly ap50: number | null, readonly ap50ByType: number | null, readonly detectionsUrl: string, readonly categories: ReadonlyArray<{ readonly name: string, readonly ap: number | null, readonly ap50: number | null }> } | null };

export type EvaluationView = { readonly split: string, readonly images: number, readonly ap: number | null, readonly ap50: number | null, readonly ap50ByType: number | null, readonly detectionsUrl: string, readonly categories: ReadonlyArray<{ readonly name: string, readonly ap: number | null, readonly ap50: number | null }> };

export type StartRunVariables = Exact<{
  input: StartRunInput;
}>;


export type StartRun = { readonly startRun: { readonly run: { readonly id: string, readonly createdAt: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly message: string }> } };

export type PublishIncompleteRunVariables = Exact<{
  input: PublishRunInput;
}>;


export type PublishIncompleteRun = { readonly publishIncompleteRun: { readonly run: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type CancelRunVariables = Exact<{
  input: ChangeRunInput;
}>;


export type CancelRun = { readonly cancelRun: { readonly run: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type ResumeRunVariables = Exact<{
  input: ChangeRunInput;
}>;


export type ResumeRun = { readonly resumeRun: { readonly run: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type RetryRunVariables = Exact<{
  input: ChangeRunInput;
}>;


export type RetryRun = { readonly retryRun: { readonly run: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type ChangedRun = { readonly run: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string }> };

export type RunsVariables = Exact<{
  first: number;
}>;


export type Runs = { readonly runs: { readonly edges: ReadonlyArray<{ readonly node: { readonly createdAt: string, readonly brand: string | null, readonly detector: string, readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean } } };

export type RunDetailsVariables = Exact<{
  id: string;
}>;


export type RunDetails = { readonly run: { readonly createdAt: string, readonly brand: string | null, readonly detector: string, readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null } | null };

export type RunState = { readonly createdAt: string, readonly brand: string | null, readonly detector: string, readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null };

export type RunProgressVariables = Exact<{
  id: string;
}>;


export type RunProgress = { readonly run: { readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null } | null };

export type RunResultVariables = Exact<{
  id: string;
}>;


export type RunResult = { readonly run: { readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly rejections: ReadonlyArray<{ readonly source: string, readonly reason: string }>, readonly ganModel: { readonly id: string, readonly steps: number, readonly bestStep: number, readonly firstKid: number | null, readonly bestKid: number | null, readonly featureSpace: string } | null, readonly collection: { readonly id: string, readonly designCount: number } | null, readonly trendBatches: ReadonlyArray<{ readonly id: string, readonly brand: string | null, readonly revision: number, readonly momentumReason: string | null, readonly previousSeason: string | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly share: number, readonly momentum: { readonly change: number, readonly direction: Direction } | null }>, readonly palette: ReadonlyArray<{ readonly name: string, readonly share: number, readonly momentum: { readonly change: number, readonly direction: Direction } | null }> }> | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null } | null };

export type RunProgressView = { readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null };

export type RunView = { readonly id: string, readonly season: string, readonly canceledAt: string | null, readonly incomplete: string | null, readonly garmentCount: number | null, readonly rejections: ReadonlyArray<{ readonly source: string, readonly reason: string }>, readonly ganModel: { readonly id: string, readonly steps: number, readonly bestStep: number, readonly firstKid: number | null, readonly bestKid: number | null, readonly featureSpace: string } | null, readonly collection: { readonly id: string, readonly designCount: number } | null, readonly trendBatches: ReadonlyArray<{ readonly id: string, readonly brand: string | null, readonly revision: number, readonly momentumReason: string | null, readonly previousSeason: string | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly share: number, readonly momentum: { readonly change: number, readonly direction: Direction } | null }>, readonly palette: ReadonlyArray<{ readonly name: string, readonly share: number, readonly momentum: { readonly change: number, readonly direction: Direction } | null }> }> | null, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly updatedAt: string | null, readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null };

export type StageView = { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean };

export type TrendShareView = { readonly name: string, readonly share: number, readonly momentum: { readonly change: number, readonly direction: Direction } | null };


/** A document, with the types of its answer and variables; when the program runs, it is a string. */
export type GraphDocument<Answer, Variables> = string & {
  readonly types?: (variables: Variables) => Answer;
};

const IMPORT_VIEW_FRAGMENT = "fragment ImportView on DatasetImport{progress{...StageView}dataset{...DatasetView}irregularities{code effect meaning count examples{file line detail}}}";
const DATASET_VIEW_FRAGMENT = "fragment DatasetView on Dataset{id name images annotations storedImages boxConvention splits{train val test none}categories{number name type}}";
const DEAD_LETTER_VIEW_FRAGMENT = "fragment DeadLetterView on DeadLetter{id stream service work attempts cause at run}";
const DETECTOR_WEIGHTS_VIEW_FRAGMENT = "fragment DetectorWeightsView on DetectorModel{id weightsUrl}";
const DETECTOR_MODEL_VIEW_FRAGMENT = "fragment DetectorModelView on DetectorModel{id labels steps trainSeconds parameters evaluation{...EvaluationView}}";
const EVALUATION_VIEW_FRAGMENT = "fragment EvaluationView on DetectorEvaluation{split images ap ap50 ap50ByType detectionsUrl categories{name ap ap50}}";
const CHANGED_RUN_FRAGMENT = "fragment ChangedRun on ChangeRunPayload{run{id}userErrors{message}}";
const RUN_STATE_FRAGMENT = "fragment RunState on Run{createdAt brand detector ...RunProgressView}";
const RUN_PROGRESS_VIEW_FRAGMENT = "fragment RunProgressView on Run{id season canceledAt incomplete photoCounts{stored duplicates rejected}garmentCount scraping{...StageView}detection{...StageView}cropping{...StageView}training{...StageView}publishing{...StageView updatedAt}}";
const RUN_VIEW_FRAGMENT = "fragment RunView on Run{...RunProgressView rejections{source reason}ganModel{id steps bestStep firstKid bestKid featureSpace}collection{id designCount}trendBatches{id brand revision momentumReason previousSeason categories{...TrendShareView}palette{...TrendShareView}}}";
const STAGE_VIEW_FRAGMENT = "fragment StageView on Stage{state done failed expected detail stalled}";
const TREND_SHARE_VIEW_FRAGMENT = "fragment TrendShareView on TrendShare{name share momentum{change direction}}";

export const IMPORT_DATASET = ("mutation ImportDataset($input:ImportDatasetInput!){importDataset(input:$input){import{id}userErrors{message}}}") as GraphDocument<ImportDataset, ImportDatasetVariables>;
export const DATASET_IMPORT = ("query DatasetImport($id:ID!){datasetImport(id:$id){...ImportView}}" + IMPORT_VIEW_FRAGMENT + STAGE_VIEW_FRAGMENT + DATASET_VIEW_FRAGMENT) as GraphDocument<DatasetImport, DatasetImportVariables>;
export const DATASET_TO_EXPORT = ("query DatasetToExport($id:ID!){dataset(id:$id){id name annotationsUrl}}") as GraphDocument<DatasetToExport, DatasetToExportVariables>;
export const DEAD_LETTERS = ("query DeadLetters($after:String){deadLetters(first:100 after:$after){edges{node{...DeadLetterView}}pageInfo{hasNextPage endCursor}}}" + DEAD_LETTER_VIEW_FRAGMENT) as GraphDocument<DeadLetters, DeadLettersVariables>;
export const DEAD_LETTER_DETAILS = ("query DeadLetterDetails($id:ID!){deadLetter(id:$id){...DeadLetterView subject messageId payload payloadBytes}}" + DEAD_LETTER_VIEW_FRAGMENT) as GraphDocument<DeadLetterDetails, DeadLetterDetailsVariables>;
export const RETRY_DEAD_LETTER = ("mutation RetryDeadLetter($id:ID!){retryDeadLetter(input:{id:$id}){userErrors{message}}}") as GraphDocument<RetryDeadLetter, RetryDeadLetterVariables>;
export const DROP_DEAD_LETTER = ("mutation DropDeadLetter($id:ID!){dropDeadLetter(input:{id:$id}){userErrors{message}}}") as GraphDocument<DropDeadLetter, DropDeadLetterVariables>;
export const TRAIN_DETECTOR = ("mutation TrainDetector($input:TrainDetectorInput!){trainDetector(input:$input){training{id}userErrors{message}}}") as GraphDocument<TrainDetector, TrainDetectorVariables>;
export const DETECTOR_TRAINING = ("query DetectorTraining($id:ID!){detectorTraining(id:$id){progress{...StageView}model{...DetectorModelView}}}" + STAGE_VIEW_FRAGMENT + DETECTOR_MODEL_VIEW_FRAGMENT + EVALUATION_VIEW_FRAGMENT) as GraphDocument<DetectorTraining, DetectorTrainingVariables>;
export const DETECTOR_WEIGHTS = ("query DetectorWeights($id:ID!){detectorModel(id:$id){...DetectorWeightsView}}" + DETECTOR_WEIGHTS_VIEW_FRAGMENT) as GraphDocument<DetectorWeights, DetectorWeightsVariables>;
export const ACTIVE_DETECTOR_WEIGHTS = ("query ActiveDetectorWeights{activeDetectorModel{...DetectorWeightsView}}" + DETECTOR_WEIGHTS_VIEW_FRAGMENT) as GraphDocument<ActiveDetectorWeights, ActiveDetectorWeightsVariables>;
export const START_RUN = ("mutation StartRun($input:StartRunInput!){startRun(input:$input){run{id createdAt}userErrors{code message}}}") as GraphDocument<StartRun, StartRunVariables>;
export const PUBLISH_INCOMPLETE_RUN = ("mutation PublishIncompleteRun($input:PublishRunInput!){publishIncompleteRun(input:$input){run{id}userErrors{message}}}") as GraphDocument<PublishIncompleteRun, PublishIncompleteRunVariables>;
export const CANCEL_RUN = ("mutation CancelRun($input:ChangeRunInput!){cancelRun(input:$input){...ChangedRun}}" + CHANGED_RUN_FRAGMENT) as GraphDocument<CancelRun, CancelRunVariables>;
export const RESUME_RUN = ("mutation ResumeRun($input:ChangeRunInput!){resumeRun(input:$input){...ChangedRun}}" + CHANGED_RUN_FRAGMENT) as GraphDocument<ResumeRun, ResumeRunVariables>;
export const RETRY_RUN = ("mutation RetryRun($input:ChangeRunInput!){retryRun(input:$input){...ChangedRun}}" + CHANGED_RUN_FRAGMENT) as GraphDocument<RetryRun, RetryRunVariables>;
export const RUNS = ("query Runs($first:Int!){runs(first:$first){edges{node{...RunState}}pageInfo{hasNextPage}}}" + RUN_STATE_FRAGMENT + RUN_PROGRESS_VIEW_FRAGMENT + STAGE_VIEW_FRAGMENT) as GraphDocument<Runs, RunsVariables>;
export const RUN_DETAILS = ("query RunDetails($id:ID!){run(id:$id){...RunState}}" + RUN_STATE_FRAGMENT + RUN_PROGRESS_VIEW_FRAGMENT + STAGE_VIEW_FRAGMENT) as GraphDocument<RunDetails, RunDetailsVariables>;
export const RUN_PROGRESS = ("query RunProgress($id:ID!){run(id:$id){...RunProgressView}}" + RUN_PROGRESS_VIEW_FRAGMENT + STAGE_VIEW_FRAGMENT) as GraphDocument<RunProgress, RunProgressVariables>;
export const RUN_RESULT = ("query RunResult($id:ID!){run(id:$id){...RunView}}" + RUN_VIEW_FRAGMENT + RUN_PROGRESS_VIEW_FRAGMENT + STAGE_VIEW_FRAGMENT + TREND_SHARE_VIEW_FRAGMENT) as GraphDocument<RunResult, RunResultVariables>;
