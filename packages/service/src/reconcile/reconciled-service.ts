import type { ServiceName } from '@deepstyle/contracts';
import type { Bus, Outbox } from '@deepstyle/storage';
import type { ServiceParts, ServicePorts } from '../service.ts';

/** A service with all that its records are compared with. */
export interface ReconciledService {
  readonly name: ServiceName;
  readonly ports: Pick<ServicePorts<object>, 'database' | 'outbox' | 'logger' | 'clock'>;
  readonly parts: Pick<ServiceParts, 'consumers' | 'reconciler'>;
  readonly outbox: Pick<Outbox, 'pending'>;
  readonly bus: Pick<Bus, 'lag' | 'queuedJobs' | 'deadLetters'>;
}

/** One comparison; what it remembers of the one before stays with it. */
export type Round = (now: Date) => Promise<void>;
