/** A line of the log as people read it beside the progress: level, component, message, and what lies beneath. */
export function humanLogLine(line: string): string {
  const { level, component, msg, error } = JSON.parse(line) as {
    level: string;
    component?: string;
    msg: string;
    error?: { message?: string };
  };
  const where = component === undefined ? '' : `${component}: `;
  const why = error?.message === undefined ? '' : `: ${error.message}`;
  return `${level}  ${where}${msg}${why}\n`;
}
