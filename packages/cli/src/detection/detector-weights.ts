import { readFile } from 'node:fs/promises';
import { DeepStyleError } from '@deepstyle/platform';
import type { Call } from '../call.ts';
import { ACTIVE_DETECTOR_WEIGHTS, DETECTOR_WEIGHTS } from '../detector-queries.ts';
import { type GraphClient, GraphRequestError } from '../graph-client.ts';
import { withInstance } from '../instance/with-instance.ts';
import { ourCommand } from '../output/our-command.ts';

/** A detector as a person names it: the file of its weights, or its id; null: the one that new runs use. */
export type NamedDetector = { readonly path: string } | { readonly id: string } | null;

export interface DetectorWeights {
  readonly bytes: Uint8Array;
  /** What people call it. */
  readonly model: string;
}

class WeightsUnreadableError extends DeepStyleError {
  constructor(path: string, cause: unknown) {
    super({
      ...{ code: 'NOT_FOUND', reason: 'WEIGHTS_UNREADABLE', cause },
      message: `The weights ${path} cannot be read.`,
    });
  }
}

class NoDetectorError extends DeepStyleError {
  constructor(id: string | null, data: string | undefined) {
    const train = `"${ourCommand('detector train DATASET', data)}" trains one`;
    super({
      ...{ code: 'NOT_FOUND', reason: 'NO_DETECTOR' },
      message:
        id === null
          ? `No detector is trained in this data folder: ${train}, or name a weights file (--model FILE).`
          : `There is no detector ${id} in this data folder: ${train}.`,
    });
  }
}

/** Of a file, or from the instance of the data folder. @throws WeightsUnreadableError, NoDetectorError, GraphRequestError */
export async function detectorWeights(call: Call, named: NamedDetector): Promise<DetectorWeights> {
  if (named !== null && 'path' in named) {
    const { path } = named;
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new WeightsUnreadableError(path, error);
    });
    return { bytes, model: path };
  }
  call.needDataFolder();
  return withInstance(
    call,
    () => 'Stopping.',
    (graph, { url }) => storedWeights(graph, url, named?.id ?? null, call.shared.data),
  );
}

/**
 * @param id null: of the model that new runs use
 * @param data the data folder, where it was named
 */
export async function storedWeights(
  graph: GraphClient,
  instanceUrl: string,
  id: string | null,
  data: string | undefined,
): Promise<DetectorWeights> {
  const found =
    id === null
      ? (await graph.request(ACTIVE_DETECTOR_WEIGHTS, {})).activeDetectorModel
      : (await graph.request(DETECTOR_WEIGHTS, { id })).detectorModel;
  if (found?.weightsUrl == null) throw new NoDetectorError(id, data);
  // Signed: it needs no token, and an object store elsewhere must not get ours.
  const response = await fetch(new URL(found.weightsUrl, instanceUrl));
  if (!response.ok)
    throw new GraphRequestError(
      `The weights of ${found.id} cannot be read: status ${response.status}.`,
    );
  return { bytes: new Uint8Array(await response.arrayBuffer()), model: found.id };
}
