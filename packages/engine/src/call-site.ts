const INTERNAL = /node_modules|node:internal|\/packages\/engine\/src\/|engine-worker|<anonymous>/;

/** `file:line:column` of the innermost frame of model code, for messages and the profile. */
export function callSite(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find((line) => !INTERNAL.test(line)) ?? frames.at(-1) ?? 'unknown';
  const place = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame.trim());
  return place?.[1] ?? frame.trim();
}
