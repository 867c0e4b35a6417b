import { CropperServiceService } from './gen/deepstyle/cropper/v1/cropper.ts';
import { DatasetServiceService } from './gen/deepstyle/dataset/v1/dataset.ts';
import { DetectorServiceService } from './gen/deepstyle/detector/v1/detector.ts';
import { GanTrainerServiceService } from './gen/deepstyle/gan_trainer/v1/gan_trainer.ts';
import { ScraperServiceService } from './gen/deepstyle/scraper/v1/scraper.ts';

/** The caller's half of a generated method definition. */
interface CallMethod<Request, Response> {
  readonly path: string;
  readonly requestStream: false;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** One gRPC method that other services call. */
export interface CallContract {
  readonly method: CallMethod<never, unknown>;
  /** How long a caller waits where it was not called with a sooner deadline itself. */
  readonly deadlineMs: number;
}

interface ServiceContract {
  /** What it answers by gRPC, by the name of the call. A name is used by one service only. */
  readonly calls: Readonly<Record<string, CallContract>>;
}

const UNARY_DEADLINE_MS = 10_000;
const LIST_DEADLINE_MS = 120_000;
// Rendering may wait in the queue behind a training job.
const GENERATE_DEADLINE_MS = 30 * 60_000;

/** Every service of the system, and what it answers to the others. A new service starts with a line here. */
export const SERVICE_CONTRACTS = {
  scraper: {
    calls: {
      listScrapedRuns: { method: ScraperServiceService.listRuns, deadlineMs: LIST_DEADLINE_MS },
      announceScrapedRun: {
        method: ScraperServiceService.announceRun,
        deadlineMs: LIST_DEADLINE_MS,
      },
    },
  },
  dataset: {
    calls: {
      getDataset: { method: DatasetServiceService.getDataset, deadlineMs: UNARY_DEADLINE_MS },
    },
  },
  detector: {
    calls: {
      getActiveDetectorModel: {
        method: DetectorServiceService.getActiveModel,
        deadlineMs: UNARY_DEADLINE_MS,
      },
      getPoseDetectorModel: {
        method: DetectorServiceService.getPoseModel,
        deadlineMs: UNARY_DEADLINE_MS,
      },
      listDetectedRuns: { method: DetectorServiceService.listRuns, deadlineMs: LIST_DEADLINE_MS },
      announceDetectedRun: {
        method: DetectorServiceService.announceRun,
        deadlineMs: LIST_DEADLINE_MS,
      },
    },
  },
  cropper: {
    calls: {
      listGarments: { method: CropperServiceService.listGarments, deadlineMs: LIST_DEADLINE_MS },
      listCroppedRuns: { method: CropperServiceService.listRuns, deadlineMs: LIST_DEADLINE_MS },
      announceCroppedRun: {
        method: CropperServiceService.announceRun,
        deadlineMs: LIST_DEADLINE_MS,
      },
    },
  },
  'gan-trainer': {
    calls: {
      generateDesigns: {
        method: GanTrainerServiceService.generateDesigns,
        deadlineMs: GENERATE_DEADLINE_MS,
      },
      listTrainedRuns: { method: GanTrainerServiceService.listRuns, deadlineMs: LIST_DEADLINE_MS },
      announceTrainedRun: {
        method: GanTrainerServiceService.announceRun,
        deadlineMs: LIST_DEADLINE_MS,
      },
    },
  },
  gallery: { calls: {} },
} as const satisfies Record<string, ServiceContract>;

export type ServiceName = keyof typeof SERVICE_CONTRACTS;

export const SERVICE_NAMES = Object.keys(SERVICE_CONTRACTS) as ServiceName[];

/** A generated method as the function that its caller sees. An empty request may be left out. */
type CallOf<Method> =
  Method extends CallMethod<infer Request, infer Response>
    ? (
        ...request: object extends Request ? [request?: Request] : [request: Request]
      ) => Method extends { readonly responseStream: true }
        ? AsyncIterable<Response>
        : Promise<Response>
    : never;

type CallsOf<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends { readonly method: infer Method }
    ? CallOf<Method>
    : never;
};

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** Every call that one service can make to another, by name. */
export type ServiceCalls = Intersection<
  { [Name in ServiceName]: CallsOf<(typeof SERVICE_CONTRACTS)[Name]['calls']> }[ServiceName]
>;
