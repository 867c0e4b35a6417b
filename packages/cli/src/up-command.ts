import { DeepStyleError, type Environment } from '@deepstyle/platform';
import type { Options } from './command-line.ts';
import { dataFolderOf, findInstance, startInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';

export class AlreadyUpError extends DeepStyleError {
  constructor(dataFolder: string, url: string) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'ALREADY_UP',
      message: `An instance is up on ${dataFolder} already: ${url}. Use that one, end it first, or choose another folder with --data.`,
    });
  }
}

/** `deepstyle up`: everything in one process until Ctrl-C. @throws AlreadyUpError */
export async function upCommand(options: Options, environment: Environment): Promise<number> {
  const dataFolder = dataFolderOf(options.data, environment);
  const interrupt = onInterrupt(`Stopping; everything is kept in ${dataFolder}.`);
  const running = await findInstance(dataFolder);
  if (running !== null) throw new AlreadyUpError(dataFolder, running.url);
  const instance = await startInstance(environment, { dataFolder, port: options.port });
  interrupt.closes(() => instance.close());
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ url: instance.url, graphql: `${instance.url}/graphql`, dataFolder })}\n`
      : `The page:  ${instance.url}\nThe graph: ${instance.url}/graphql\nCtrl-C ends it; everything is kept in ${dataFolder}\n`,
  );
  // Servers keep the process alive; signals end it.
  await new Promise<never>(() => {});
  return 0;
}
