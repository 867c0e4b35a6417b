import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { processEnvironment } from '@deepstyle/platform';

const { DEEPSTYLE_CACHE = join(homedir(), '.cache', 'deepstyle') } = processEnvironment();

/** Where scripts/pose/fetch.sh puts the networks behind the detector by the joints of people. */
export const POSE_NETWORKS = join(DEEPSTYLE_CACHE, 'pose');

/** A `describe` that needs those networks, which are not ours: without them the tests are skipped in every run. */
export function describeWithPose(title: string, body: () => void): void {
  if (existsSync(join(POSE_NETWORKS, 'selfie.bin'))) describe(title, body);
  else describe.skip(`${title} (${POSE_NETWORKS} is empty, scripts/pose/fetch.sh fills it)`, body);
}
