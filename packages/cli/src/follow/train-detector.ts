import { DeepStyleError } from '@deepstyle/platform';
import {
  DETECTOR_TRAINING,
  type DetectorModelView,
  TRAIN_DETECTOR,
  type TrainDetectorInput,
} from '../detector-queries.ts';
import { found, type GraphClient } from '../graph-client.ts';
import { ProgressView } from '../output/progress-view.ts';
import { say } from '../output/say.ts';
import { followProgress } from './follow.ts';
import { interruptedWork } from './interrupted-work.ts';

class TrainingRefusedError extends DeepStyleError {
  constructor(messages: readonly string[]) {
    super({ code: 'INVALID_ARGUMENT', reason: 'TRAINING_REFUSED', message: messages.join('\n') });
  }
}

class TrainingFailedError extends DeepStyleError {
  constructor(detail: string | null) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'TRAINING_FAILED',
      message: `The training of the detector failed: ${detail ?? 'no reason was given'}`,
    });
  }
}

/** The mutation's input without its key. */
export type TrainingInput = Omit<TrainDetectorInput, 'idempotencyKey'>;

/**
 * Begins a training, or goes on with the same one that was interrupted, and follows it to its model.
 *
 * @throws TrainingRefusedError, TrainingFailedError, GraphRequestError
 */
export async function trainDetector(
  graph: GraphClient,
  input: TrainingInput,
  dataFolder: string,
  view = new ProgressView(process.stderr),
): Promise<DetectorModelView> {
  const memo = interruptedWork(dataFolder, 'training', input);
  const { trainDetector: begun } = await graph.request(TRAIN_DETECTOR, {
    input: { ...input, idempotencyKey: memo.key },
  });
  const { training } = begun;
  if (training === null) {
    memo.forget();
    throw new TrainingRefusedError(begun.userErrors.map(({ message }) => message));
  }
  const { id } = training;
  let looks = 0;
  const { model, progress } = await followProgress(view, 'detector', async () => {
    looks += 1;
    const { detectorTraining } = await graph.request(DETECTOR_TRAINING, { id });
    return found(detectorTraining, 'training');
  });
  memo.forget();
  if (model === null && memo.isEarlier && looks === 1) {
    say(`The training ${id} of this command has failed: a new one begins.\n`);
    return trainDetector(graph, input, dataFolder, view);
  }
  if (model === null) throw new TrainingFailedError(progress.detail);
  return model;
}
