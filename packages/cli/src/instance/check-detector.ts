import { POSE_DETECTOR } from '@deepstyle/contracts/request-rules';
import type { Environment } from '@deepstyle/platform';
import { WITHOUT_DETECTOR } from '../output/without-detector.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Whether a run can find garments in a data folder in which nothing has run yet; said before anything starts.
 *
 * @throws UsageError where it names no detector, PoseFilesError where the one that it names lacks its network
 */
export async function checkDetector(
  detector: string | undefined,
  { DEEPSTYLE_CACHE = '' }: Environment,
): Promise<void> {
  if (detector === undefined) throw new UsageError(WITHOUT_DETECTOR);
  if (detector !== POSE_DETECTOR) return;
  const { POSE_FOLDER_SETTING, readPoseNetwork } = await import('@deepstyle/service/pose-networks');
  await readPoseNetwork(POSE_FOLDER_SETTING.schema.parse(DEEPSTYLE_CACHE), 'movenet-multipose');
}
