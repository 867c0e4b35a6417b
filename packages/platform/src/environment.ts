/** A snapshot of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The only place of the repository that reads `process.env`; everything else takes an Environment as an argument. */
export function processEnvironment(): Environment {
  return Object.freeze({ ...process.env });
}
