import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cocoFile, type SplitTruth } from '@deepstyle/testkit';
import type { EvaluationView } from '../detector-queries.ts';
import { GraphRequestError } from '../graph-client.ts';

/**
 * Leaves `truth.json` and `detections.json` of the evaluated scenes in a folder: COCO files from which anyone can compute
 * the figures again.
 *
 * @throws GraphRequestError
 */
export async function keepEvaluation(
  folder: string,
  truth: SplitTruth,
  evaluation: EvaluationView,
  instance: { readonly url: string; readonly token: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'truth.json'), JSON.stringify(cocoFile(truth.test)));
  const response = await fetch(new URL(evaluation.detectionsUrl, instance.url), {
    headers: { authorization: `Bearer ${instance.token}` },
  });
  if (!response.ok)
    throw new GraphRequestError(
      `The detections of the evaluation cannot be read: status ${response.status}.`,
    );
  await writeFile(join(folder, 'detections.json'), Buffer.from(await response.arrayBuffer()));
}
