import type { ServiceCalls } from '@deepstyle/contracts';
import type { Logger } from '@deepstyle/platform';
import type { ServiceOutbox } from '@deepstyle/service';
import type { Database, ObjectStore } from '@deepstyle/storage';
import type { EngineOptions } from '@deepstyle/training';
import type { GanTrainerSettings } from './config.ts';

/** What the use cases may touch of the world. */
export interface Ports {
  readonly settings: Readonly<GanTrainerSettings>;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly outbox: ServiceOutbox;
  readonly calls: Pick<ServiceCalls, 'listGarments'>;
  readonly logger: Logger;
  readonly clock: () => Date;
  readonly engine: EngineOptions;
}
