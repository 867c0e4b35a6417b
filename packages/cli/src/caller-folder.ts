import type { Environment } from '@deepstyle/platform';

/** The folder in which the person typed the command; the package manager changes into the repository's root. */
export function callerFolder(environment: Environment): string {
  return environment.INIT_CWD ?? process.cwd();
}
