/** One metric as it is exposed: all that a dashboard or an alert needs to know of it. */
export interface MetricDefinition {
  /** By the rules of Prometheus: base units, and `_total` at the end of a counter. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly unit:
    | 'seconds'
    | 'bytes'
    | 'images'
    | 'objects'
    | 'jobs'
    | 'events'
    | 'messages'
    | 'letters'
    | 'runs'
    | 'checks';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in `unit`. */
  readonly buckets?: readonly number[];
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const EVENT_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60];
const JOB_SECONDS = [0.1, 0.5, 2, 10, 30, 60, 300, 900, 3_600, 14_400, 43_200];
const STEP_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Every metric there is. Nothing is exposed that does not stand here. */
export const METRICS = {
  checkFailing: {
    name: 'deepstyle_readiness_checks_failing',
    kind: 'gauge',
    unit: 'checks',
    help: 'Whether a check of readiness fails in this process: 1, else 0. Its name is that in /readyz.',
    labels: ['check'],
  },
  jobsWaiting: {
    name: 'deepstyle_jobs_waiting',
    kind: 'gauge',
    unit: 'jobs',
    help: 'Jobs of a kind that are not done: waiting, or with a worker. The same in every replica of the service.',
    labels: ['service', 'kind'],
  },
  consumerLag: {
    name: 'deepstyle_consumer_lag_events',
    kind: 'gauge',
    unit: 'events',
    help: 'Events that a consumer has not handled yet. The same in every replica of the service.',
    labels: ['service', 'consumer'],
  },
  eventsStored: {
    name: 'deepstyle_events_stored_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Size of the stored events. The same in every process.',
    labels: [],
  },
  eventsLimit: {
    name: 'deepstyle_events_limit_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Size of the stored events beyond which none is taken; absent where the disk is the only limit.',
    labels: [],
  },
  durableHeld: {
    name: 'deepstyle_durable_held_events',
    kind: 'gauge',
    unit: 'events',
    help: 'Events that are kept because a durable has not handled the oldest of them. The same in every process.',
    labels: ['durable'],
  },
  deadLetters: {
    name: 'deepstyle_dead_letters',
    kind: 'gauge',
    unit: 'letters',
    help: 'Messages that a service gave up, by its consumer or kind of job; runs may wait for them. The same in every replica of the service.',
    labels: ['service', 'work'],
  },
  outboxMessages: {
    name: 'deepstyle_outbox_messages',
    kind: 'gauge',
    unit: 'messages',
    help: 'Messages that are committed and not yet with the bus.',
    labels: ['service'],
  },
  outboxOldest: {
    name: 'deepstyle_outbox_oldest_seconds',
    kind: 'gauge',
    unit: 'seconds',
    help: 'Age of the oldest message that is not yet with the bus; 0 where there is none.',
    labels: ['service'],
  },
  jobsLost: {
    name: 'deepstyle_jobs_lost_total',
    kind: 'counter',
    unit: 'jobs',
    help: 'Jobs that the records say are to be done, that were nowhere, and that were enqueued again.',
    labels: ['service', 'kind'],
  },
  eventsLost: {
    name: 'deepstyle_runs_events_lost_total',
    kind: 'counter',
    unit: 'runs',
    help: 'Runs whose events never arrived at this service, and were asked for again from the one that publishes them.',
    labels: ['service', 'producer'],
  },
  objectsSwept: {
    name: 'deepstyle_objects_swept_total',
    kind: 'counter',
    unit: 'objects',
    help: 'Stored objects that no record named, and that were deleted: what processes left that were killed.',
    labels: ['service', 'prefix'],
  },
  runsStalled: {
    name: 'deepstyle_runs_stalled',
    kind: 'gauge',
    unit: 'runs',
    help: 'Runs whose stage at this service stands at RUNNING and has not moved for ten minutes.',
    labels: ['service'],
  },
  runsFailed: {
    name: 'deepstyle_runs_failed',
    kind: 'gauge',
    unit: 'runs',
    help: 'Runs whose stage at this service has ended at FAILED within a day, and was not tried again; imports and trainings of detectors too.',
    labels: ['service'],
  },
  runsHeld: {
    name: 'deepstyle_runs_held',
    kind: 'gauge',
    unit: 'runs',
    help: 'Runs that lost too much to be published unasked, and wait until a person tries them again or lets them be published.',
    labels: ['service'],
  },
  jobDuration: {
    name: 'deepstyle_job_duration_seconds',
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time that one attempt at a job took, by what became of it: ack, retry or dead-letter.',
    labels: ['service', 'kind', 'outcome'],
    buckets: JOB_SECONDS,
  },
  eventDuration: {
    name: 'deepstyle_event_duration_seconds',
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time that a consumer took for an event, by what became of it: ack, retry or dead-letter.',
    labels: ['service', 'consumer', 'outcome'],
    buckets: EVENT_SECONDS,
  },
  trainingStepDuration: {
    name: 'deepstyle_training_step_duration_seconds',
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time of one training step: drawing its batch, forward, backward and update.',
    labels: ['service'],
    buckets: STEP_SECONDS,
  },
  images: {
    name: 'deepstyle_images_total',
    kind: 'counter',
    unit: 'images',
    help: 'Images that went through a network, by the work: train, detect or generate. Its rate is images per second.',
    labels: ['service', 'work'],
  },
  httpDuration: {
    name: 'deepstyle_http_request_duration_seconds',
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time until an HTTP request was answered; probes are not counted.',
    labels: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
  },
  grpcDuration: {
    name: 'deepstyle_grpc_call_duration_seconds',
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time until a gRPC call was answered by this server; streams until their end.',
    labels: ['method', 'code'],
    buckets: REQUEST_SECONDS,
  },
  residentMemory: {
    name: 'process_resident_memory_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Memory of the process that is in RAM, its threads and native libraries included.',
    labels: [],
  },
  heapUsed: {
    name: 'nodejs_heap_used_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'JavaScript heap of the main thread in use.',
    labels: [],
  },
  eventLoopDelay: {
    name: 'nodejs_eventloop_delay_seconds',
    kind: 'gauge',
    unit: 'seconds',
    help: 'How late the event loop of the main thread was since the last scrape, by quantile.',
    labels: ['quantile'],
  },
  gpuMemoryUsed: {
    name: 'deepstyle_gpu_memory_used_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Memory of a GPU in use, by all processes together; absent where nvidia-smi is.',
    labels: ['gpu'],
  },
  gpuMemoryTotal: {
    name: 'deepstyle_gpu_memory_total_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Memory that a GPU has; absent where nvidia-smi is.',
    labels: ['gpu'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;
/** The metrics of one kind. */
export type MetricOf<K extends MetricDefinition['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends K ? Name : never;
}[MetricName];
/** One value for each label of a metric. */
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['labels'][number], string>
>;
