import type { Logger, SettingsTable } from '@deepstyle/platform';
import type { Database, ObjectStore } from '@deepstyle/storage';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Consumer } from './events/consumer.ts';
import type { JobHandler } from './events/job.ts';
import type { ServiceOutbox } from './events/outbox.ts';
import type { GraphResolvers } from './graph/subgraph.ts';
import type { Calls } from './grpc/calls.ts';
import type { ServiceName } from './service-name.ts';

/** `api` answers calls and events; `worker` takes jobs (and holds the GPU); `all` does both, in one process. */
export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** All that a service may use; nothing is global. */
export interface ServiceContext<S extends object> {
  readonly settings: Readonly<S>;
  readonly logger: Logger;
  /** The service's own schema, migrated. */
  readonly database: Database;
  readonly objects: ObjectStore;
  /** Events and jobs, written in the transaction of the state they follow from. */
  readonly outbox: ServiceOutbox;
  /** The other services, by gRPC. */
  readonly calls: Calls;
  readonly clock: () => Date;
}

export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** What a service consists of once it runs. */
export interface ServiceParts {
  readonly resolvers: GraphResolvers;
  /** Made anew for each GraphQL request, e.g. DataLoaders; stands in the resolvers' context as `loaders`. */
  readonly loaders?: () => object;
  readonly grpc?: readonly GrpcService[];
  readonly consumers?: readonly Consumer[];
  /** Taken by the roles `worker` and `all`. */
  readonly jobs?: readonly JobHandler[];
  close?(): Promise<void>;
}

/**
 * A service as a value. By its name it also owns, in `services/<name>/`, `schema.graphql` (its part of the graph) and
 * `migrations/` (its tables).
 */
export interface Service<S extends object = object> {
  readonly name: ServiceName;
  readonly settings: SettingsTable<S>;
  create(context: ServiceContext<S>): ServiceParts | Promise<ServiceParts>;
}

export function defineService<S extends object>(service: Service<S>): Service<S> {
  return service;
}
