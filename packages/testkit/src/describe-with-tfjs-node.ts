import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where scripts/tfjs-node/build.sh leaves what it compiles. */
const ADDON = join(
  homedir(),
  '.cache/deepstyle/tfjs-node/node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node',
);

/** A `describe` that needs TensorFlow's kernels: an optional package, so without it the tests are skipped in every run. */
export function describeWithTfjsNode(title: string, body: () => void): void {
  if (existsSync(ADDON)) describe(title, body);
  else describe.skip(`${title} (${ADDON} is missing, scripts/tfjs-node/build.sh makes it)`, body);
}
