import type { ServiceName } from '@deepstyle/contracts';
import type { Bus, Outbox } from '@deepstyle/storage';
import type { ServiceParts, ServicePorts } from '../service.ts';

/** A service with all that its records are compared with. */
export interface ReconciledService {
  readonly name: ServiceName;
  readonly ports: Pick<
    ServicePorts<object>,
    'database' | 'objects' | 'outbox' | 'logger' | 'clock'
  >;
  readonly parts: Pick<ServiceParts, 'consumers' | 'reconciler'>;
  readonly outbox: Pick<Outbox, 'pending'>;
  readonly bus: Pick<Bus, 'lag' | 'queuedJobs' | 'deadLetters'>;
  readonly sweep: {
    /** Objects that no record names are deleted when they are this old; 0: never. */
    readonly afterHours: number;
    readonly installation: () => Promise<string>;
  };
}

/** One comparison; what it remembers of the one before stays with it. */
export type Round = (now: Date) => Promise<void>;
