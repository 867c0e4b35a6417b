import { isLoopback, SettingsError } from '@deepstyle/platform';
import type { ProcessSettings } from './process-settings.ts';

/** A service alone, the gateway alone, or all in one process. */
export type Shape = 'service' | 'gateway' | 'embedded';

/** The tokens of which each call of another process carries one; none: whoever reaches the port may call. */
export function requiredServiceTokens(
  settings: Pick<ProcessSettings, 'serviceCalls' | 'serviceTokens'>,
): readonly string[] {
  return settings.serviceCalls === 'open' ? [] : settings.serviceTokens;
}

/** @throws SettingsError where a service of its own would answer the whole network without having been told to */
export function refuseOpenCalls(settings: ProcessSettings): void {
  const { httpHost, grpcHost, serviceCalls, serviceTokens } = settings;
  if (serviceCalls === 'open' || serviceTokens.length > 0) return;
  if (isLoopback(httpHost) && isLoopback(grpcHost)) return;
  throw new SettingsError([
    'SERVICE_TOKEN is missing, and others reach HTTP_HOST and GRPC_HOST. Set it to a secret, the same for all processes; SERVICE_CALLS=open where the network alone keeps others out',
  ]);
}

/** @throws SettingsError where nobody could read */
export function refuseClosedReads({ readAccess, apiToken }: ProcessSettings): void {
  if (readAccess === 'token' && apiToken === undefined)
    throw new SettingsError(['API_TOKEN is missing, and READ_ACCESS=token needs it']);
}

/** One line for the log of a start: what is open to whom. */
export function describeAccess(settings: ProcessSettings, shape: Shape): string {
  const { httpHost, grpcHost, apiToken, readAccess } = settings;
  const calls = requiredServiceTokens(settings).length > 0 ? 'with SERVICE_TOKEN' : FREELY;
  const reads = readAccess === 'token' ? 'with API_TOKEN' : FREELY;
  // The gateway passes the token on; the services check it.
  const isChangeable = shape === 'gateway' || apiToken !== undefined;
  const graph =
    `The graph is open to ${audienceOf(httpHost)}: reading ${shape === 'service' ? calls : reads}, ` +
    `changing ${isChangeable ? 'with API_TOKEN' : 'by nobody, as there is no API_TOKEN'}`;
  if (shape === 'gateway') return `${graph}.`;
  return `${graph}. Calls between services are open to ${audienceOf(grpcHost)}, ${calls}.`;
}

const FREELY = 'without a token';

function audienceOf(host: string): string {
  return isLoopback(host) ? 'this machine' : `whoever reaches ${host}`;
}
