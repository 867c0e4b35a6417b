/**
 * The detector as `services/detector` serves it, in the role that the environment names, but for the network. Tells the
 * process that started it when it is ready and what its network is given, and ends with it.
 */
import { type ServicePorts, serve } from '@deepstyle/service';
import type { DetectorSettings } from '../../services/detector/src/config.ts';
import {
  type DetectJob,
  detectPhotos,
} from '../../services/detector/src/detection/detect-photos.ts';
import { createDetector } from '../../services/detector/src/detector.ts';
import { createJobs } from '../../services/detector/src/events.ts';
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
    const simulated = {
      ...createDetector(ports),
      detectPhotos: (job: DetectJob, signal: AbortSignal) =>
        detectPhotos({ ...ports, models }, job, signal),
    };
    return { ...detector.create(ports), jobs: createJobs(ports, simulated) };
  },
});
tell({ kind: 'ready' });
