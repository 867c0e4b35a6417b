import { globalId, imageField } from '@deepstyle/service';
import type { ModelRecord, SampleRow } from './records.ts';

export type GanModelNode = ReturnType<typeof modelNode>;

/** A model as the graph has it, without its curves and garments; `runId` is the run that trained it. */
export function modelNode({ id, createdAt, ...model }: ModelRecord) {
  return { ...model, id: globalId('GanModel', id), createdAt: createdAt.toISOString() };
}

export function sampleNode({ step, imageKey, widthPx, heightPx }: SampleRow) {
  return { step, image: imageField({ key: imageKey }, widthPx, heightPx) };
}
