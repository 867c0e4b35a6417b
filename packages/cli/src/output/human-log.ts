interface LogLine {
  readonly level: string;
  readonly component?: string;
  readonly msg: string;
  /** The failure, or what is told of one in a text. */
  readonly error?: { readonly message?: string; readonly reason?: string; readonly code?: string };
  readonly problem?: string;
}

const TOO_SLOW =
  'warn  The machine is too slow: work takes longer than it may, and is tried again. It goes on, and faster with fewer other programs.\n';
const TOO_SLOW_EVERY_MS = 60_000;

/**
 * Writes lines of the log as people read them beside the progress: level, component, message, and what lies beneath. Work
 * that ran out of time, of which there is much at once where a machine is overloaded, becomes one line now and then.
 */
export function createHumanLog(
  write: (text: string) => void,
  now: () => number = () => performance.now(),
): (line: string) => void {
  let saidSlowMs = Number.NEGATIVE_INFINITY;
  return (text) => {
    const line = JSON.parse(text) as LogLine;
    if (!ranOutOfTime(line)) {
      write(humanLine(line));
      return;
    }
    if (now() - saidSlowMs < TOO_SLOW_EVERY_MS) return;
    saidSlowMs = now();
    write(TOO_SLOW);
  };
}

/** A dead letter is told as it is, whatever led to it. */
function ranOutOfTime({ level, error, problem }: LogLine): boolean {
  if (level !== 'warn') return false;
  return error?.code === 'DEADLINE_EXCEEDED' || /\bTransactionTimeoutError\b/.test(problem ?? '');
}

function humanLine({ level, component, msg, error }: LogLine): string {
  const where = component === undefined ? '' : `${component}: `;
  const why = error?.message === undefined ? '' : `: ${error.message}`;
  return `${level}  ${where}${msg}${why}\n`;
}
