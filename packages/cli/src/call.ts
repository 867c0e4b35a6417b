import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printable } from '@deepstyle/contracts/request-rules';
import type { Environment } from '@deepstyle/platform';
import { UsageError } from './usage-error.ts';

/** Options that every command understands. */
export interface SharedOptions {
  readonly data?: string | undefined;
  readonly json?: boolean | undefined;
}

/** One call of the command line: where it was typed, what is the same for every command, and how it ends. */
export class Call {
  readonly environment: Environment;
  /** The folder in which the person typed the command; the package manager changes into the repository's root. */
  readonly folder: string;
  shared: SharedOptions = {};
  exitCode = 0;

  constructor(environment: Environment) {
    this.environment = environment;
    this.folder = environment.INIT_CWD ?? process.cwd();
  }

  /** `--data`, the environment, or `.deepstyle`. */
  get dataFolder(): string {
    return resolve(
      this.folder,
      this.shared.data ?? (this.environment.DEEPSTYLE_DATA || '.deepstyle'),
    );
  }

  /**
   * For a command that looks at, or changes, what is there: a folder that was mistyped is not made.
   *
   * @throws UsageError
   */
  needDataFolder(): void {
    if (!this.hasData)
      throw new UsageError(`There is no data folder at ${this.dataFolder} (--data).`);
  }

  /** Whether anything may have been stored before. */
  get hasData(): boolean {
    const { DATABASE_URL, DATABASE_URL_FILE } = this.environment;
    if (DATABASE_URL || DATABASE_URL_FILE) return true;
    // One whose stores are servers holds no database, and an instance that is up all the same.
    return ['database', 'instance.json'].some((part) => existsSync(join(this.dataFolder, part)));
  }

  get isJson(): boolean {
    return this.shared.json === true;
  }

  /** Writes what came of the command: one object for machines, or a text for people. */
  print(result: object, text: string): void {
    // What is escaped here is JSON's own escape, so that an object stays one.
    process.stdout.write(printable(this.isJson ? `${JSON.stringify(result)}\n` : text));
  }
}
