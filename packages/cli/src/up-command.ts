import type { Environment } from '@deepstyle/platform';
import type { Options } from './command-line.ts';
import { dataFolderOf, findInstance, startInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';

/** `deepstyle up`: everything in one process until Ctrl-C. */
export async function upCommand(options: Options, environment: Environment): Promise<number> {
  const dataFolder = dataFolderOf(options.data, environment);
  const running = await findInstance(dataFolder);
  if (running !== null) {
    process.stdout.write(`Already up on this data folder: ${running.url}\n`);
    return 0;
  }
  const instance = await startInstance(environment, { dataFolder, port: options.port });
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ url: instance.url, graphql: `${instance.url}/graphql`, dataFolder })}\n`
      : `The page:  ${instance.url}\nThe graph: ${instance.url}/graphql\nCtrl-C ends it; everything is kept in ${dataFolder}\n`,
  );
  onInterrupt(() => instance.close());
  // Servers keep the process alive; signals end it.
  await new Promise<never>(() => {});
  return 0;
}
