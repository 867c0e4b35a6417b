import { readFileSync } from 'node:fs';

/** What a watched process did since it was looked at last. */
export interface Watched {
  /** The longest time for which its event loop did nothing else, ms. */
  readonly holdMs: number;
  /** The longest time that it computed without a look at anything else, ms: what is left of that on an idle machine. */
  readonly holdCpuMs: number;
  /** The most memory that it had in its life, MB. */
  readonly mb: number;
  /** Connections to addresses that are none of this machine's own. */
  readonly connections: readonly string[];
}

interface Line {
  readonly holdMs?: number;
  readonly holdCpuMs?: number;
  readonly mb?: number;
  readonly connection?: string;
}

/** Reads on in the file that watch.mjs writes. */
export function watchFile(path: string): () => Watched {
  let read = 0;
  return () => {
    const text = textOf(path);
    // The last line may be under way.
    const end = text.lastIndexOf('\n') + 1;
    const lines = text.slice(read, end).split('\n').filter(Boolean);
    read = end;
    const said = lines.map((line) => JSON.parse(line) as Line);
    return {
      holdMs: Math.max(0, ...said.map(({ holdMs = 0 }) => holdMs)),
      holdCpuMs: Math.max(0, ...said.map(({ holdCpuMs = 0 }) => holdCpuMs)),
      mb: Math.max(0, ...said.map(({ mb = 0 }) => mb)),
      connections: said.flatMap(({ connection }) => connection ?? []),
    };
  };
}

/** Empty until the process has begun. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
