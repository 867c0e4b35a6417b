import {
  closeOnSignals,
  createLogger,
  explainFailure,
  processEnvironment,
} from '@deepstyle/platform';
import { startGateway } from './serve-gateway.ts';

try {
  const { stack, settings } = await startGateway(processEnvironment());
  const logger = createLogger({ level: settings.logLevel, name: 'gateway' });
  closeOnSignals(stack, logger, (code) => process.exit(code === 143 ? 0 : code));
} catch (error) {
  process.stderr.write(`gateway did not start: ${explainFailure(error)}\n`);
  process.exit(1);
}
