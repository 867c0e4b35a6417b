import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that takes one step per line on its stdin and answers with its seconds. */
export interface Contestant {
  readonly greeting: string;
  /** Wall and CPU seconds of one step. */
  step(): Promise<{ wall: number; cpu: number }>;
  /** Peak memory of the process, MB. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export async function startContestant(command: string, args: string[]): Promise<Contestant> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ${args.join(' ')} ended (${code})`)));
  });
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value } = await Promise.race([lines.next(), ended]);
    return String(value);
  };
  const ask = (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    return next();
  };
  const greeting = await next();
  return {
    greeting,
    async step() {
      const [wall = 0, cpu = 0] = (await ask('step')).split(' ').map(Number);
      return { wall, cpu };
    },
    memory: async () => Number(await ask('memory')),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await gone;
    },
  };
}
