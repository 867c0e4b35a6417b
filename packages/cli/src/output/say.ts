import { printable } from '@deepstyle/contracts/request-rules';

/** Writes to a person, beside the result. Names and messages come from outside and must not steer the terminal. */
export function say(text: string): void {
  process.stderr.write(printable(text));
}
