/** A command of ours as a person types it. @param data the data folder, where it was named */
export function ourCommand(words: string, data: string | undefined): string {
  return `deepstyle ${words}${optionOf(data)}`;
}

/** Commands that a service names in what it tells; it does not know how its data folder was named. */
const NAMED =
  /deepstyle (?:run (?:cancel|resume|retry|publish) run_[0-9a-f-]+|events dead-letters list)/g;

/** What a service told, with commands that can be typed as they stand. */
export function withData(told: string, data: string | undefined): string {
  return told.replace(NAMED, (command) => `${command}${optionOf(data)}`);
}

function optionOf(data: string | undefined): string {
  return data === undefined ? '' : ` --data ${quoted(data)}`;
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./~@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
