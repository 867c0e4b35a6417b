/** A snapshot of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The only place of the repository that touches `process.env`; everything else takes an Environment as an argument. */
export function processEnvironment(): Environment {
  return Object.freeze({ ...process.env });
}

/**
 * The GraphQL gateway library sends usage figures to its maker, and asks the machine's cloud for its name, unless this
 * variable says otherwise when it is constructed; it has no option for it. DeepStyle reports to nobody.
 */
export function disableVendorTelemetry(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
}
