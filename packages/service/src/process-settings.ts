import {
  LOG_LEVELS,
  type LogLevel,
  type SettingsTable,
  TELEMETRY_SETTINGS,
  type TelemetrySettings,
  text,
} from '@deepstyle/platform';
import { DEFAULT_DECODE_MEMORY_BYTES } from '@deepstyle/vision';
import { ROLES, type Role } from './service.ts';

/** Whether a door opens by a token alone. */
const DOORS = ['token', 'open'] as const;
type Door = (typeof DOORS)[number];

/** What every process is told: where its stores are, where it listens, and where the others are. */
export interface ProcessSettings extends TelemetrySettings {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly natsUrl: string | undefined;
  readonly s3Endpoint: string | undefined;
  readonly s3Region: string;
  readonly s3Bucket: string;
  readonly s3AccessKey: string | undefined;
  readonly s3SecretKey: string | undefined;
  readonly httpHost: string;
  readonly httpPort: number;
  readonly grpcHost: string;
  readonly grpcPort: number;
  readonly publicUrl: string | undefined;
  readonly apiToken: string | undefined;
  readonly readAccess: Door;
  readonly serviceTokens: readonly string[];
  readonly serviceCalls: Door;
  readonly logLevel: LogLevel;
  readonly role: Role;
  readonly shutdownGraceMs: number;
  readonly workerIdleExitSeconds: number;
  readonly decodeMemoryMb: number;
  readonly eventsMaxMb: number;
  readonly objectSweepHours: number;
}

export const PROCESS_SETTINGS: SettingsTable<ProcessSettings> = {
  dataFolder: {
    env: 'DEEPSTYLE_DATA',
    schema: text.string(),
    default: '.deepstyle',
    description: 'folder of the embedded stores; not used by a store that has a URL',
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: text.optional(),
    default: '',
    secret: true,
    description: 'PostgreSQL, e.g. postgres://user:password@host/name; empty: embedded',
  },
  natsUrl: {
    env: 'NATS_URL',
    schema: text.optional(),
    default: '',
    secret: true,
    description: 'NATS with JetStream, e.g. nats://host:4222; empty: embedded',
  },
  s3Endpoint: {
    env: 'S3_ENDPOINT',
    schema: text.optional(),
    default: '',
    description: 'any S3 server, e.g. http://host:9000; empty: files in the data folder',
  },
  s3Region: {
    env: 'S3_REGION',
    schema: text.string(),
    default: 'us-east-1',
    description: 'region of the bucket',
  },
  s3Bucket: {
    env: 'S3_BUCKET',
    schema: text.string(),
    default: 'deepstyle',
    description: 'bucket; created if missing',
  },
  s3AccessKey: {
    env: 'S3_ACCESS_KEY',
    schema: text.optional(),
    default: '',
    secret: true,
    description: 'access key of the S3 server',
  },
  s3SecretKey: {
    env: 'S3_SECRET_KEY',
    schema: text.optional(),
    default: '',
    secret: true,
    description: 'secret key of the S3 server',
  },
  httpHost: {
    env: 'HTTP_HOST',
    schema: text.string(),
    default: '127.0.0.1',
    description: 'address to listen on',
  },
  httpPort: {
    env: 'HTTP_PORT',
    schema: text.integer(0, 65_535),
    default: '4000',
    description: 'port of GraphQL, the page and the probes; 0 takes a free one',
  },
  grpcHost: {
    env: 'GRPC_HOST',
    schema: text.string(),
    default: '127.0.0.1',
    description: 'address of the gRPC server',
  },
  grpcPort: {
    env: 'GRPC_PORT',
    schema: text.integer(0, 65_535),
    default: '0',
    description: 'port of the gRPC server; 0 takes a free one',
  },
  publicUrl: {
    env: 'PUBLIC_URL',
    schema: text.optional(),
    default: '',
    description: 'where browsers reach the gateway; empty: http://HTTP_HOST:HTTP_PORT',
  },
  apiToken: {
    env: 'API_TOKEN',
    schema: text.optional(),
    default: '',
    secret: true,
    description: 'bearer token that mutations need; empty in a cluster: mutations are refused',
  },
  readAccess: {
    env: 'READ_ACCESS',
    schema: text.oneOf(DOORS),
    default: 'open',
    description: 'token: the gateway answers no query without API_TOKEN; open: all but mutations',
  },
  serviceTokens: {
    env: 'SERVICE_TOKEN',
    schema: text
      .list()
      .refine(
        (tokens) => tokens.every((token) => /^[ -~]+$/.test(token)),
        'must be printable ASCII',
      ),
    default: '',
    secret: true,
    description:
      'secret that calls between processes carry, the same for all; of several, with commas between them, the first is sent and each is accepted',
  },
  serviceCalls: {
    env: 'SERVICE_CALLS',
    schema: text.oneOf(DOORS),
    default: 'token',
    description:
      'token: calls and subgraphs are refused without SERVICE_TOKEN, where it is set; open: never',
  },
  logLevel: {
    env: 'LOG_LEVEL',
    schema: text.oneOf(LOG_LEVELS),
    default: 'info',
    description: 'least level logged',
  },
  role: {
    env: 'DEEPSTYLE_ROLE',
    schema: text.oneOf(ROLES),
    default: 'all',
    description: 'api answers calls and events, worker takes jobs, all does both',
  },
  shutdownGraceMs: {
    env: 'SHUTDOWN_GRACE_MS',
    schema: text.integer(0, 600_000),
    default: '10000',
    description: 'time that work under way gets at shutdown',
  },
  workerIdleExitSeconds: {
    env: 'WORKER_IDLE_EXIT_SECONDS',
    schema: text.integer(0, 86_400),
    default: '0',
    description: 'a worker that has had no job for so long ends, as a Job of Kubernetes; 0: never',
  },
  decodeMemoryMb: {
    env: 'DECODE_MEMORY_MB',
    schema: text.integer(16, 1_000_000),
    default: String(DEFAULT_DECODE_MEMORY_BYTES / 1e6),
    description:
      'memory that all photographs being decoded take together, as their headers let expect; a larger one is refused',
  },
  eventsMaxMb: {
    env: 'EVENTS_MAX_MB',
    schema: text.integer(0, 10_000_000),
    default: '0',
    description:
      'size of the stored events, the same for every process: on NATS none is taken beyond it, embedded it bounds the history; 0: 1 GiB, or what the stream has',
  },
  objectSweepHours: {
    env: 'OBJECT_SWEEP_HOURS',
    schema: text.integer(0, 100_000),
    // What nothing names costs a disk, and what was restored wrongly is noticed within days.
    default: '168',
    description: 'stored objects that no record names are deleted when they are so old; 0: never',
  },
  ...TELEMETRY_SETTINGS,
};
