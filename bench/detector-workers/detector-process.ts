/**
 * The detector as `services/detector` serves it, in the role that the environment names, but for the network. Tells the
 * process that started it when it is ready and what its network is given, and ends with it.
 */
import { type ServicePorts, serve } from '@deepstyle/service';
import type { DetectorSettings } from '../../services/detector/src/config.ts';
import { jobs } from '../../services/detector/src/events.ts';
import { detector } from '../../services/detector/src/index.ts';
import type { Report } from './detector-processes.ts';
import { simulatedNetwork } from './simulated-network.ts';

function tell(report: Report): void {
  process.send?.(report);
}

process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
await serve({
  ...detector,
  create: (ports: ServicePorts<DetectorSettings>) => {
    const models = simulatedNetwork((images) => tell({ kind: 'looked', images }));
    return { ...detector.create(ports), jobs: jobs({ ...ports, engine: {} }, models) };
  },
});
tell({ kind: 'ready' });
