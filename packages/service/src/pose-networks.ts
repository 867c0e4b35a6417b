/**
 * The networks of another project behind the detector by the joints of people: MoveNet finds the people, the selfie
 * segmentation of MediaPipe says which pixels show them. scripts/pose/fetch.sh fetches both.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DeepStyleError, type Setting, text } from '@deepstyle/platform';

/** SHA-256 of their files, as scripts/pose/fetch.sh knows them. */
const FILES = {
  'movenet-multipose': {
    json: '3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de',
    bin: '19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118',
  },
  selfie: {
    json: '8b7f5f95c0159a83a7240b1298a67012cfffd0396bfa653bdf452913610e9a88',
    bin: '8f57aaa72dc068a50bd37c232d2e073e107912241e459002e1480876676f382a',
  },
} as const;

type PoseNetwork = keyof typeof FILES;

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Raised when the same photograph would get other boxes. */
const RULES_VERSION = 'pose/1';

/** What the record of the model says of it. */
export const POSE_MODEL = {
  network: 'MoveNet MultiPose Lightning 1 (Google, Apache-2.0), boxes by the joints of people',
  rules: RULES_VERSION,
  files: FILES['movenet-multipose'],
} as const;

/** The id of the model, the same everywhere: what it has seen it need not see again. */
export const POSE_MODEL_ID = sha256(
  [RULES_VERSION, POSE_MODEL.files.json, POSE_MODEL.files.bin].join('\n'),
);

/** Where the networks are. */
export const POSE_FOLDER_SETTING: Setting<string> = {
  env: 'DEEPSTYLE_CACHE',
  schema: text
    .optional()
    .transform((folder) => join(folder ?? join(homedir(), '.cache', 'deepstyle'), 'pose')),
  default: '',
  description:
    'folder of what is fetched once, with what scripts/pose/fetch.sh puts there; empty: ~/.cache/deepstyle',
};

/** The files of a network are not there, or are others. */
export class PoseFilesError extends DeepStyleError {
  constructor(path: string, problem: string, cause?: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'POSE_FILES_MISSING',
      message: `The detector "pose" needs a network of another project: ${path} ${problem}. scripts/pose/fetch.sh fetches it, once (145 MB of download, 10 MB of disk, Apache-2.0).`,
      cause,
    });
  }
}

/** The files of a network. @throws PoseFilesError, and what the file system throws */
export async function readPoseNetwork(
  folder: string,
  network: PoseNetwork,
): Promise<{ readonly json: string; readonly weights: Uint8Array }> {
  const read = async (part: 'json' | 'bin'): Promise<Uint8Array> => {
    const path = join(folder, `${network}.${part}`);
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new PoseFilesError(path, 'is missing', error) : error;
    });
    if (sha256(bytes) === FILES[network][part]) return bytes;
    throw new PoseFilesError(path, 'is not the file that belongs there');
  };
  const [json, weights] = await Promise.all([read('json'), read('bin')]);
  return { json: new TextDecoder().decode(json), weights };
}
