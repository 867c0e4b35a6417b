/**
 * The detector as `services/detector` serves it, in the role that the environment names, but for the network. Tells the
 * process that started it when it is ready and what its network is given, and ends with it.
 */
import { closeOnSignals, createLogger, processEnvironment } from '@deepstyle/platform';
import { type ServicePorts, startService } from '@deepstyle/service';
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
const simulated = {
  ...detector,
  create: (ports: ServicePorts<DetectorSettings>) => {
    const models = simulatedNetwork((images) => tell({ kind: 'looked', images }));
    const useCases = {
      ...createDetector(ports),
      detectPhotos: (job: DetectJob, signal: AbortSignal) =>
        detectPhotos({ ...ports, models }, job, signal),
    };
    return { ...detector.create(ports), jobs: createJobs(ports, useCases) };
  },
};
const { stack, settings } = await startService(simulated, processEnvironment());
closeOnSignals(stack, createLogger({ level: settings.logLevel, name: detector.name }), (code) =>
  process.exit(code === 143 ? 0 : code),
);
tell({ kind: 'ready' });
