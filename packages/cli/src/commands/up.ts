import { Command } from '@commander-js/extra-typings';
import { DeepStyleError } from '@deepstyle/platform/errors';
import { wholeNumber } from '../arguments/values.ts';
import type { Call } from '../call.ts';

class AlreadyUpError extends DeepStyleError {
  constructor(dataFolder: string, url: string) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'ALREADY_UP',
      message: `An instance is up on ${dataFolder} already: ${url}. Use that one, end it first, or choose another folder with --data.`,
    });
  }
}

/** `deepstyle up`: everything in one process until Ctrl-C. */
export function upCommand(call: Call) {
  return new Command('up')
    .summary('the six services, the gateway and the page in one process')
    .description('Runs the six services, the gateway and the page in one process, until Ctrl-C.')
    .option(
      '--port <n>',
      'port of the page (default: HTTP_PORT or 4000)',
      wholeNumber('--port', 0, 65_535),
    )
    .action(async ({ port }) => {
      const { findInstance } = await import('../instance/instance.ts');
      const { onceFree } = await import('../instance/once-free.ts');
      const { onInterrupt } = await import('../instance/interrupt.ts');
      const { dataFolder, environment } = call;
      const interrupt = onInterrupt(`Stopping; everything is kept in ${dataFolder}.`);
      const { awaited, startingIn, THE_START } = await import('../output/awaited.ts');
      const { say } = await import('../output/say.ts');
      const starting = onceFree(dataFolder, async (isFirst) => {
        const running = await findInstance(dataFolder);
        if (running !== null) throw new AlreadyUpError(dataFolder, running.url);
        if (isFirst) say(startingIn(dataFolder));
        const { startInstance } = await import('../instance/start-instance.ts');
        return startInstance(environment, { dataFolder, port });
      });
      const instance = await awaited(THE_START, starting);
      interrupt.closes(() => instance.close());
      const { url, access } = instance;
      call.print(
        { url, graphql: `${url}/graphql`, dataFolder, access },
        `The page:  ${url}\nThe graph: ${url}/graphql\n${access}\nCtrl-C ends it; everything is kept in ${dataFolder}\n`,
      );
      // Servers keep the process alive; signals end it.
      await new Promise<never>(() => {});
    });
}
