export interface StageView {
  readonly state: 'WAITING' | 'RUNNING' | 'DONE' | 'SKIPPED' | 'FAILED';
  readonly done: number;
  readonly failed: number;
  readonly expected: number | null;
  readonly detail: string | null;
  readonly stalled: boolean;
}

/** Stages in the order in which a run passes them. */
export const STAGES = ['scraping', 'detection', 'cropping', 'training', 'publishing'] as const;
export type StageName = (typeof STAGES)[number];

export interface RunView {
  readonly id: string;
  readonly season: string;
  readonly scraping: StageView;
  readonly detection: StageView | null;
  readonly cropping: StageView | null;
  readonly training: StageView | null;
  readonly publishing: StageView | null;
  readonly photoCounts: {
    readonly stored: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  readonly garmentCount: number | null;
  /** Sources that gave no photograph; at most 100, and only in a result. */
  readonly rejections?: readonly { readonly source: string; readonly reason: string }[];
  readonly ganModel: {
    readonly id: string;
    readonly steps: number;
    readonly bestStep: number;
    readonly firstKid: number | null;
    readonly bestKid: number | null;
    readonly featureSpace: string;
  } | null;
  readonly collection: { readonly id: string; readonly designCount: number } | null;
  readonly trendBatches:
    | readonly {
        readonly id: string;
        readonly brand: string | null;
        readonly revision: number;
        readonly momentumReason: string | null;
        readonly previousSeason: string | null;
        readonly categories: readonly TrendShareView[];
        readonly palette: readonly TrendShareView[];
      }[]
    | null;
}

export interface TrendShareView {
  readonly name: string;
  readonly share: number;
  readonly momentum: {
    readonly change: number;
    readonly direction: 'RISING' | 'FALLING' | 'UNCHANGED';
  } | null;
}

const STAGE = 'state done failed expected detail stalled';

export const RUN_PROGRESS = `
  query RunProgress($id: ID!) {
    run(id: $id) {
      id season
      photoCounts { stored duplicates rejected }
      garmentCount
      ${STAGES.map((name) => `${name} { ${STAGE} }`).join('\n      ')}
    }
  }
`;

export const RUN_RESULT = `
  query RunResult($id: ID!) {
    run(id: $id) {
      id season
      photoCounts { stored duplicates rejected }
      garmentCount
      ${STAGES.map((name) => `${name} { ${STAGE} }`).join('\n      ')}
      rejections { source reason }
      ganModel { id steps bestStep firstKid bestKid featureSpace }
      collection { id designCount }
      trendBatches {
        id brand revision momentumReason previousSeason
        categories { name share momentum { change direction } }
        palette { name share momentum { change direction } }
      }
    }
  }
`;

export const START_RUN = `
  mutation StartRun($input: StartRunInput!) {
    startRun(input: $input) {
      run { id }
      userErrors { code field message }
    }
  }
`;
