/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type Direction =
  | 'RISING'
  | 'FALLING'
  | 'UNCHANGED';

export type StageState =
  | 'WAITING'
  | 'RUNNING'
  | 'DONE'
  | 'SKIPPED'
  | 'HELD'
  | 'CANCELED'
  | 'FAILED';

export type DeadLettersVariables = Exact<{ [key: string]: never; }>;


export type DeadLetters = { readonly deadLetters: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly service: string | null, readonly work: string, readonly cause: string, readonly at: string, readonly run: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean } } };

export type DesignTile = { readonly id: string, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null } };

export type Detection = { readonly box: ReadonlyArray<number>, readonly category: string, readonly score: number };

export type PictureData = { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null };

export type Share = { readonly name: string, readonly hex: string | null, readonly share: number, readonly interval: { readonly low: number, readonly high: number }, readonly momentum: { readonly change: number, readonly adjustedP: number, readonly direction: Direction } | null };

export type CollectionVariables = Exact<{
  id: string;
}>;


export type Collection = { readonly collection: { readonly season: string, readonly designCount: number, readonly createdAt: string, readonly incomplete: string | null, readonly model: { readonly id: string }, readonly designs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null } } }> } } | null };

export type DesignVariables = Exact<{
  id: string;
}>;


export type Design = { readonly design: { readonly realism: number, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null }, readonly model: { readonly id: string, readonly season: string, readonly featureSpace: string }, readonly nearestGarments: ReadonlyArray<{ readonly distance: number, readonly garment: { readonly id: string, readonly category: string, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null }, readonly photo: { readonly attribution: { readonly source: string, readonly title: string | null, readonly author: string | null, readonly license: string | null } } } | null }> } | null };

export type Credit = { readonly source: string, readonly title: string | null, readonly author: string | null, readonly license: string | null };

export type ActiveDetectorVariables = Exact<{ [key: string]: never; }>;


export type ActiveDetector = { readonly detector: { readonly steps: number | null, readonly trainSeconds: number | null, readonly parameters: number | null, readonly categories: ReadonlyArray<string>, readonly evaluation: { readonly split: string, readonly images: number, readonly ap: number | null, readonly ap50: number | null, readonly ap50ByType: number | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly ap: number | null, readonly ap50: number | null }> } | null, readonly losses: ReadonlyArray<{ readonly step: number, readonly objectness: number, readonly rpnBox: number, readonly classification: number, readonly box: number }> } | null };

export type OneDetectorVariables = Exact<{
  id: string;
}>;


export type OneDetector = { readonly detector: { readonly steps: number | null, readonly trainSeconds: number | null, readonly parameters: number | null, readonly categories: ReadonlyArray<string>, readonly evaluation: { readonly split: string, readonly images: number, readonly ap: number | null, readonly ap50: number | null, readonly ap50ByType: number | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly ap: number | null, readonly ap50: number | null }> } | null, readonly losses: ReadonlyArray<{ readonly step: number, readonly objectness: number, readonly rpnBox: number, readonly classification: number, readonly box: number }> } | null };

export type Detector = { readonly steps: number | null, readonly trainSeconds: number | null, readonly parameters: number | null, readonly categories: ReadonlyArray<string>, readonly evaluation: { readonly split: string, readonly images: number, readonly ap: number | null, readonly ap50: number | null, readonly ap50ByType: number | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly ap: number | null, readonly ap50: number | null }> } | null, readonly losses: ReadonlyArray<{ readonly step: number, readonly objectness: number, readonly rpnBox: number, readonly classification: number, readonly box: number }> };

export type Precision = { readonly name: string, readonly ap: number | null, readonly ap50: number | null };

export type ModelVariables = Exact<{
  id: string;
}>;


export type Model = { readonly ganModel: { readonly season: string, readonly steps: number, readonly bestStep: number, readonly firstKid: number | null, readonly bestKid: number | null, readonly featureSpace: string, readonly parameters: number, readonly garmentCount: number, readonly metrics: ReadonlyArray<{ readonly step: number, readonly discriminatorLoss: number | null, readonly generatorLoss: number | null, readonly kid: number | null }>, readonly samples: ReadonlyArray<{ readonly step: number, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null } }> } | null };

export type Metric = { readonly step: number, readonly discriminatorLoss: number | null, readonly generatorLoss: number | null, readonly kid: number | null };

export type PhotographsVariables = Exact<{
  id: string;
}>;


export type Photographs = { readonly run: { readonly season: string, readonly detector: string, readonly garmentCount: number | null, readonly photoCounts: { readonly stored: number }, readonly photos: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly brand: string | null, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null }, readonly detections: ReadonlyArray<{ readonly box: ReadonlyArray<number>, readonly category: string, readonly score: number, readonly model: { readonly id: string } }> | null } }> } } | null };

export type RunsVariables = Exact<{ [key: string]: never; }>;


export type Runs = { readonly runs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly season: string, readonly brand: string | null, readonly createdAt: string, readonly photoCounts: { readonly stored: number, readonly duplicates: number, readonly rejected: number }, readonly scraping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean }, readonly detection: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly cropping: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly training: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly publishing: { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean } | null, readonly ganModel: { readonly id: string } | null, readonly collection: { readonly id: string } | null } }> } };

export type Stage = { readonly state: StageState, readonly done: number, readonly failed: number, readonly expected: number | null, readonly detail: string | null, readonly stalled: boolean };

export type SeasonsVariables = Exact<{ [key: string]: never; }>;


export type Seasons = { readonly trendBatches: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly season: string, readonly brand: string | null, readonly revision: number, readonly photoCount: number, readonly garmentCount: number, readonly previousSeason: string | null, readonly momentumReason: string | null, readonly publishedAt: string, readonly incomplete: string | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly hex: string | null, readonly share: number, readonly interval: { readonly low: number, readonly high: number }, readonly momentum: { readonly change: number, readonly adjustedP: number, readonly direction: Direction } | null }>, readonly palette: ReadonlyArray<{ readonly name: string, readonly hex: string | null, readonly share: number, readonly interval: { readonly low: number, readonly high: number }, readonly momentum: { readonly change: number, readonly adjustedP: number, readonly direction: Direction } | null }>, readonly collection: { readonly id: string, readonly designCount: number, readonly designs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null } } }> } } | null } }> } };

export type Batch = { readonly id: string, readonly season: string, readonly brand: string | null, readonly revision: number, readonly photoCount: number, readonly garmentCount: number, readonly previousSeason: string | null, readonly momentumReason: string | null, readonly publishedAt: string, readonly incomplete: string | null, readonly categories: ReadonlyArray<{ readonly name: string, readonly hex: string | null, readonly share: number, readonly interval: { readonly low: number, readonly high: number }, readonly momentum: { readonly change: number, readonly adjustedP: number, readonly direction: Direction } | null }>, readonly palette: ReadonlyArray<{ readonly name: string, readonly hex: string | null, readonly share: number, readonly interval: { readonly low: number, readonly high: number }, readonly momentum: { readonly change: number, readonly adjustedP: number, readonly direction: Direction } | null }>, readonly collection: { readonly id: string, readonly designCount: number, readonly designs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly image: { readonly url: string, readonly width: number, readonly height: number, readonly dominantColor: string | null } } }> } } | null };


/** A document, with the types of its answer and variables; when the program runs, it is a string. */
export type GraphDocument<Answer, Variables> = string & {
  readonly types?: (variables: Variables) => Answer;
};

const DESIGN_TILE_FRAGMENT = "fragment DesignTile on Design{id image{url(width:128)width height dominantColor}}";
const DETECTION_FRAGMENT = "fragment Detection on Detection{box category score}";
const PICTURE_DATA_FRAGMENT = "fragment PictureData on Image{url width height dominantColor}";
const SHARE_FRAGMENT = "fragment Share on TrendShare{name hex share interval{low high}momentum{change adjustedP direction}}";
const CREDIT_FRAGMENT = "fragment Credit on Attribution{source title author license}";
const DETECTOR_FRAGMENT = "fragment Detector on DetectorModel{steps trainSeconds parameters categories evaluation{split images ap ap50 ap50ByType categories{...Precision}}losses{step objectness rpnBox classification box}}";
const PRECISION_FRAGMENT = "fragment Precision on DetectorCategoryPrecision{name ap ap50}";
const METRIC_FRAGMENT = "fragment Metric on GanMetric{step discriminatorLoss generatorLoss kid}";
const STAGE_FRAGMENT = "fragment Stage on Stage{state done failed expected detail stalled}";
const BATCH_FRAGMENT = "fragment Batch on TrendBatch{id season brand revision photoCount garmentCount previousSeason momentumReason publishedAt incomplete categories{...Share}palette{...Share}collection{id designCount designs(first:64){edges{node{...DesignTile}}}}}";

export const DEAD_LETTERS = ("query DeadLetters{deadLetters(first:5){edges{node{id service work cause at run}}pageInfo{hasNextPage}}}") as GraphDocument<DeadLetters, DeadLettersVariables>;
export const COLLECTION = ("query Collection($id:ID!){collection(id:$id){season designCount createdAt incomplete model{id}designs(first:100){edges{node{...DesignTile}}}}}" + DESIGN_TILE_FRAGMENT) as GraphDocument<Collection, CollectionVariables>;
export const DESIGN = ("query Design($id:ID!){design(id:$id){image{...PictureData}realism model{id season featureSpace}nearestGarments{distance garment{id category image{url(width:256)width height dominantColor}photo{attribution{...Credit}}}}}}" + PICTURE_DATA_FRAGMENT + CREDIT_FRAGMENT) as GraphDocument<Design, DesignVariables>;
export const ACTIVE_DETECTOR = ("query ActiveDetector{detector:activeDetectorModel{...Detector}}" + DETECTOR_FRAGMENT + PRECISION_FRAGMENT) as GraphDocument<ActiveDetector, ActiveDetectorVariables>;
export const ONE_DETECTOR = ("query OneDetector($id:ID!){detector:detectorModel(id:$id){...Detector}}" + DETECTOR_FRAGMENT + PRECISION_FRAGMENT) as GraphDocument<OneDetector, OneDetectorVariables>;
export const MODEL = ("query Model($id:ID!){ganModel(id:$id){season steps bestStep firstKid bestKid featureSpace parameters garmentCount metrics{...Metric}samples{step image{...PictureData}}}}" + METRIC_FRAGMENT + PICTURE_DATA_FRAGMENT) as GraphDocument<Model, ModelVariables>;
export const PHOTOGRAPHS = ("query Photographs($id:ID!){run(id:$id){season detector garmentCount photoCounts{stored}photos(first:60){edges{node{id brand image{...PictureData}detections{...Detection model{id}}}}}}}" + PICTURE_DATA_FRAGMENT + DETECTION_FRAGMENT) as GraphDocument<Photographs, PhotographsVariables>;
export const RUNS = ("query Runs{runs(first:20){edges{node{id season brand createdAt photoCounts{stored duplicates rejected}scraping{...Stage}detection{...Stage}cropping{...Stage}training{...Stage}publishing{...Stage}ganModel{id}collection{id}}}}}" + STAGE_FRAGMENT) as GraphDocument<Runs, RunsVariables>;
export const SEASONS = ("query Seasons{trendBatches(first:20){edges{node{...Batch}}}}" + BATCH_FRAGMENT + SHARE_FRAGMENT + DESIGN_TILE_FRAGMENT) as GraphDocument<Seasons, SeasonsVariables>;
