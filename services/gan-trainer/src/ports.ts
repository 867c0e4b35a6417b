import type { ServicePorts } from '@deepstyle/service';
import type { GanTrainerSettings } from './config.ts';

/** What the service may use of the world. */
export type Ports = ServicePorts<GanTrainerSettings>;
