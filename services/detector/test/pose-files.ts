/** The networks of other projects that `--detector pose` uses; they are no part of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GraphModelFiles } from '@deepstyle/engine';
import { processEnvironment } from '@deepstyle/platform';

/** Where scripts/pose/fetch.sh puts them. */
export const POSE_CACHE =
  processEnvironment().DEEPSTYLE_CACHE ?? join(homedir(), '.cache', 'deepstyle');

const fileOf = (name: string) => join(POSE_CACHE, 'pose', `movenet-multipose.${name}`);

export const poseFiles = (): GraphModelFiles => ({
  json: readFileSync(fileOf('json'), 'utf8'),
  weights: readFileSync(fileOf('bin')),
});

/** A `describe` that needs MoveNet: without it the tests are skipped in every run. */
export function describeWithPose(title: string, body: () => void): void {
  if (existsSync(fileOf('bin'))) describe(title, body);
  else
    describe.skip(`${title} (${fileOf('bin')} is missing, scripts/pose/fetch.sh fetches it)`, body);
}
