import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = path.dirname(fileURLToPath(import.meta.url));

/** The word after `--name`. */
export function option(args: readonly string[], name: string): string | undefined {
  const index = args.indexOf(name);
  return index < 0 ? undefined : args[index + 1];
}

/** The Python that has PyTorch: --python, or what install-peer.sh made. */
export const pythonOf = (args: readonly string[]): string =>
  option(args, '--python') ?? path.join(homedir(), '.cache/deepstyle/torch-venv/bin/python');
