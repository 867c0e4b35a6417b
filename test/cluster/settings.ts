import { readSettingsTables, type SettingsTable } from '@deepstyle/platform';
import {
  PEER_SETTINGS,
  PROCESS_SETTINGS,
  SERVICE_NAMES,
  type ServiceName,
} from '@deepstyle/service';
import { SUBGRAPH_SETTINGS } from '../../gateway/src/settings.ts';
import { jobDurable } from '../../packages/service/src/events/job.ts';
import { createJobs as detectorJobs } from '../../services/detector/src/events.ts';
import { createJobs as ganTrainerJobs } from '../../services/gan-trainer/src/events.ts';
import type { Deployment } from './kinds.ts';

type Table = SettingsTable<Record<string, unknown>>;

const TABLES: Readonly<Record<string, object>> = Object.fromEntries(
  await Promise.all(SERVICE_NAMES.map(async (name) => [name, await settingsOf(name)])),
);

/** The table of a service's own settings, by the name that each service gives it. */
async function settingsOf(service: ServiceName): Promise<object> {
  const config: Record<string, object> = await import(`../../services/${service}/src/config.ts`);
  return config[`${service.toUpperCase().replaceAll('-', '_')}_SETTINGS`] ?? {};
}

/** Read by Node.js and by the C library. */
const OF_RUNTIME = new Set(['NODE_OPTIONS', 'MALLOC_ARENA_MAX']);

/** What a program would say of the environment that its Deployment gives it; nothing where all is well. */
export function problemsWithSettings({ metadata, spec }: Deployment): string[] {
  const [{ name: program, env = [] }] = spec.template.spec.containers;
  const own = program === 'gateway' ? [SUBGRAPH_SETTINGS] : [PEER_SETTINGS, TABLES[program] ?? {}];
  const tables = [PROCESS_SETTINGS, ...own] as Table[];
  const known = new Set(
    tables.flatMap((table) => Object.values(table)).map(({ env: name }) => name),
  );
  const environment = Object.fromEntries(
    env.map(({ name, value }) => [
      // A secret stands in a file, which only a kubelet would mount; a resource is filled in by it.
      name.replace(/_FILE$/, ''),
      name.endsWith('_FILE') ? 'a secret' : (value ?? '4'),
    ]),
  );
  const unknown = Object.keys(environment).filter(
    (name) => !known.has(name) && !OF_RUNTIME.has(name),
  );
  const problems = unknown.map((name) => `${metadata.name}: ${name} is no setting of ${program}`);
  try {
    readSettingsTables(tables, environment);
  } catch (error) {
    problems.push(`${metadata.name}: ${(error as Error).message}`);
  }
  return problems;
}

/** The consumers of a worker's jobs on the bus, as its code names them. */
export function jobsOf(service: ServiceName & ('detector' | 'gan-trainer')): string[] {
  const none = {} as never;
  const jobs = service === 'detector' ? detectorJobs(none, none) : ganTrainerJobs(none, none);
  return jobs.map((job) => jobDurable(service, job)).sort();
}
