import type { ServiceCalls, ServiceName } from '@deepstyle/contracts';
import type { Logger, SettingsTable } from '@deepstyle/platform';
import type { Database, ObjectStore } from '@deepstyle/storage';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Consumer } from './events/consumer.ts';
import type { JobHandler } from './events/job.ts';
import type { ServiceOutbox } from './events/outbox.ts';
import type { GraphResolvers } from './graph/subgraph.ts';
import type { Reconciler } from './reconcile/reconciler.ts';

/** `api` answers calls and events; `worker` takes jobs (and holds the GPU); `all` does both, in one process. */
export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** All that a service may use of the world; nothing is global. */
export interface ServicePorts<Settings extends object> {
  readonly settings: Readonly<Settings>;
  readonly logger: Logger;
  /** The service's own schema, migrated. */
  readonly database: Database;
  readonly objects: ObjectStore;
  /** Events and jobs, written in the transaction of the state they follow from. */
  readonly outbox: ServiceOutbox;
  /** The other services, by gRPC. */
  readonly calls: ServiceCalls;
  readonly clock: () => Date;
}

export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/**
 * The rooms of a service. Every service has the same, so that whoever knows one knows all: the use cases stand in the
 * middle, and events, jobs, gRPC and the graph only translate.
 */
export interface ServiceRooms<
  Settings extends object,
  Cases extends object,
  Loaders extends object,
> {
  /** By its name it also owns `services/<name>/schema.graphql` and `services/<name>/migrations/`. */
  readonly name: ServiceName;
  readonly settings: SettingsTable<Settings>;
  /** What the service does, in the words of its domain. */
  readonly createUseCases: (ports: ServicePorts<Settings>) => Cases;
  /** Ends what the use cases hold themselves, e.g. a loaded network. */
  readonly closeUseCases?: (useCases: Cases) => Promise<void>;
  /** The events that it takes; started by the roles `api` and `all`. */
  readonly createConsumers: (ports: ServicePorts<Settings>, useCases: Cases) => readonly Consumer[];
  /** The long work that it takes; started by the roles `worker` and `all`. */
  readonly createJobs: (ports: ServicePorts<Settings>, useCases: Cases) => readonly JobHandler[];
  /** What the records say is under way; compared with the bus and the others by the roles `api` and `all`. */
  readonly createReconciler: (ports: ServicePorts<Settings>, useCases: Cases) => Reconciler;
  readonly createResolvers: (ports: ServicePorts<Settings>, useCases: Cases) => GraphResolvers;
  /** Made anew for each request of the graph. */
  readonly createLoaders: (ports: ServicePorts<Settings>) => Loaders;
  readonly createGrpc: (ports: ServicePorts<Settings>, useCases: Cases) => readonly GrpcService[];
}

/** What a service consists of once it runs. */
export interface ServiceParts {
  readonly consumers: readonly Consumer[];
  readonly jobs: readonly JobHandler[];
  readonly reconciler: Reconciler;
  readonly resolvers: GraphResolvers;
  readonly createLoaders: () => object;
  readonly grpc: readonly GrpcService[];
  close(): Promise<void>;
}

/** A service as a value: one process may hold one of them, or all. */
export interface Service {
  readonly name: ServiceName;
  readonly settings: SettingsTable<object>;
  create(ports: ServicePorts<object>): ServiceParts;
}

export function defineService<
  Settings extends object,
  Cases extends object,
  Loaders extends object,
>(rooms: ServiceRooms<Settings, Cases, Loaders>): Service {
  return {
    name: rooms.name,
    settings: rooms.settings,
    create: (ports: ServicePorts<Settings>) => {
      const useCases = rooms.createUseCases(ports);
      return {
        consumers: rooms.createConsumers(ports, useCases),
        jobs: rooms.createJobs(ports, useCases),
        reconciler: rooms.createReconciler(ports, useCases),
        resolvers: rooms.createResolvers(ports, useCases),
        createLoaders: () => rooms.createLoaders(ports),
        grpc: rooms.createGrpc(ports, useCases),
        close: async () => rooms.closeUseCases?.(useCases),
      };
    },
  };
}
