/** What stands in the databases, the object store and the bus once everything is at rest. */
export interface Snapshot {
  readonly runs: readonly RunState[];
  readonly photos: readonly { readonly id: string; readonly objectKey: string }[];
  /** By the scraper: which photographs a run has. */
  readonly members: readonly RunPhoto[];
  /** By the scraper: sources that gave none, for something around them. */
  readonly lostSources: readonly {
    readonly runId: string;
    readonly name: string;
    readonly code: string;
  }[];
  /** By the cropper: what became of them. */
  readonly settled: readonly (RunPhoto & { readonly outcome: string | null })[];
  readonly garments: readonly {
    readonly id: string;
    readonly photoId: string;
    readonly imageKey: string;
  }[];
  readonly runGarments: readonly { readonly runId: string; readonly garmentId: string }[];
  readonly seasonGarments: readonly { readonly runId: string; readonly garmentId: string }[];
  readonly trainings: readonly {
    readonly runId: string;
    readonly state: string;
    readonly checkpoint: object | null;
    readonly leaseUntil: Date | null;
  }[];
  readonly models: readonly { readonly id: string; readonly objectKeys: readonly string[] }[];
  readonly detectorModels: readonly { readonly objectKeys: readonly string[] }[];
  /** Pictures that show how a training went. */
  readonly samples: readonly { readonly runId: string; readonly imageKey: string }[];
  readonly generateRequests: readonly { readonly runId: string; readonly state: string }[];
  readonly designs: readonly { readonly id: string; readonly imageKey: string }[];
  readonly collections: readonly {
    readonly id: string;
    readonly runId: string;
    readonly modelId: string;
    readonly designCount: number;
  }[];
  readonly collectionDesigns: readonly {
    readonly collectionId: string;
    readonly designId: string;
  }[];
  readonly trendBatches: readonly {
    readonly id: string;
    readonly runId: string;
    readonly season: string;
    readonly brand: string;
    readonly revision: number;
    readonly isCurrent: boolean;
    readonly isFinal: boolean;
  }[];
  /** Without those of datasets, which keep no record of each image. */
  readonly objectKeys: readonly string[];
  /** Ids of the events that the stream holds. */
  readonly eventIds: readonly string[];
  readonly deadLetters: readonly { readonly id: string; readonly reason: string }[];
  readonly outboxes: readonly { readonly service: string; readonly messages: number }[];
  readonly queuedJobs: number;
  readonly durables: readonly { readonly name: string; readonly lag: number }[];
}

export interface RunPhoto {
  readonly runId: string;
  readonly photoId: string;
}

/** A run as each of the services has it; null: the service has never heard of it. */
export interface RunState {
  readonly id: string;
  /** How often what failed was tried again. */
  readonly retries: number;
  readonly scraping: string;
  readonly cropping: {
    readonly expected: number | null;
    readonly done: number;
    readonly failed: number;
    readonly garments: number;
    readonly isReady: boolean;
  } | null;
  readonly publishing: string | null;
}

/** What a run has to come to. */
export interface Expected {
  readonly runId: string;
  readonly photos: readonly string[];
  readonly garments: readonly string[];
}

/** Something that must not be. */
export interface Violation {
  readonly invariant: string;
  /** Null where it concerns no run, or not one alone. */
  readonly run: string | null;
  readonly seen: string;
}
