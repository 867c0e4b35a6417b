import type { ServicePorts } from '@deepstyle/service';
import { keepObjects, type Transaction } from '@deepstyle/storage';
import {
  checkpointKey,
  readCheckpointFile,
  sweepCheckpoints,
  writeCheckpointFile,
} from './checkpoint-files.ts';
import { type CompiledTraining, type FeedOptions, feedSteps } from './compiled-training.ts';
import { StaleAttemptError, TrainingInterruptedError } from './errors.ts';
import { type LoopOptions, runLoop, secondsNow } from './loop.ts';
import type { Progress } from './progress.ts';
import {
  type CheckpointReference,
  type Fence,
  fenceOf,
  type TrainingJob,
  type TrainingTable,
} from './training-table.ts';

export type SessionPorts = Pick<ServicePorts<object>, 'database' | 'objects' | 'logger' | 'clock'>;

/** A progress may name the best step so far: its checkpoint is then kept beside the newest. */
type SessionProgress = Progress & { readonly best?: { readonly step: number } | null };

export interface TrainOptions<State extends object, P extends Progress, Loss extends string>
  extends Omit<FeedOptions<P, Loss>, 'service'>,
    Pick<
      LoopOptions<P, Readonly<Record<Loss, number>>>,
      'from' | 'until' | 'callbacks' | 'checkpointSeconds'
    > {
  readonly compiled: Pick<CompiledTraining<State>, 'run' | 'readState'>;
  /** `secondsNow()` when the attempt began, where the time before the first step counts; default: now. */
  readonly startedAt?: number;
}

export interface Trained<State, P> {
  readonly progress: P;
  /** After the best step, where the progress names one; else after the last. */
  readonly state: State;
}

export interface FinishedModel {
  /** Its files by the keys of their objects. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Records and announces the model and closes the training, in one transaction. */
  readonly record: (tx: Transaction) => Promise<void>;
}

/**
 * One attempt at one training: what it reads and writes outside of the engine. Everything is written behind the fence of
 * the attempt, and objects before the record that names them, so that a worker killed at any time leaves a checkpoint from
 * which the next one goes on exactly.
 */
export class TrainingSession<
  T extends TrainingJob,
  State extends object,
  P extends SessionProgress,
> {
  readonly #table: TrainingTable<T>;
  readonly #fence: Fence;
  /** Of everything that the training saves on its way; ends in a slash. */
  readonly #folder: string;
  readonly #ports: SessionPorts;
  #checkpoint: CheckpointReference | null;
  /** Whether the training is to stop: at a stop that takes longer than its grace the database closes first. */
  #isStopping = (): boolean => false;

  constructor(table: TrainingTable<T>, training: T, folder: string, ports: SessionPorts) {
    this.#table = table;
    this.#fence = fenceOf(training);
    this.#folder = folder;
    this.#ports = ports;
    this.#checkpoint = training.checkpoint;
  }

  /**
   * The state and progress to go on with: those of the newest checkpoint, or the given ones.
   *
   * @param forget deletes what the curves say after a step: the training goes on from there
   * @throws CheckpointDamagedError, StaleAttemptError
   */
  async restore(
    start: { readonly state: State; readonly progress: P },
    forget: (tx: Transaction, afterStep: number) => Promise<void>,
  ): Promise<{ readonly state: State; readonly progress: P }> {
    const reference = this.#checkpoint;
    const restored =
      reference === null
        ? start
        : await readCheckpointFile<State, P>(reference.key, start.state, this.#ports);
    const afterStep = reference === null ? -1 : restored.progress.step;
    await this.write('restore', (tx) => forget(tx, afterStep));
    return restored;
  }

  /**
   * Trains until it is done, with checkpoints.
   *
   * @throws TrainingInterruptedError where `signal` aborts, once a checkpoint holds the progress; StaleAttemptError
   */
  async train<Loss extends string>(
    options: TrainOptions<State, P, Loss>,
    signal: AbortSignal,
  ): Promise<Trained<State, P>> {
    const { compiled } = options;
    this.#isStopping = () => signal.aborted;
    const loop = {
      now: secondsNow,
      startedAt: secondsNow(),
      ...options,
      step: feedSteps({ ...options, service: this.#table.service }),
      checkpoint: async (progress: P) => this.save(await compiled.readState(), progress),
    };
    const { progress, interrupted } = await runLoop(loop, signal);
    if (interrupted) throw new TrainingInterruptedError(this.#fence.trainingId, progress.step);
    return { progress, state: await this.#bestState(await compiled.readState()) };
  }

  /** The object first, then the record that names it; last, what nothing names any more is deleted. */
  async save(state: State, progress: P): Promise<void> {
    const { step } = progress;
    const before = this.#checkpoint;
    const key = checkpointKey(this.#folder, this.#fence, step);
    await writeCheckpointFile(key, state, progress, this.#ports);
    const best = progress.best?.step === step ? { key, step } : (before?.best ?? null);
    const reference = { key, step, best };
    await this.#transaction('writeCheckpoint', (tx) =>
      this.#table.writeCheckpoint(tx, this.#fence, reference, this.#ports.clock()),
    );
    this.#checkpoint = reference;
    for (const old of [before?.key, before?.best?.key]) {
      if (old !== undefined && old !== key && old !== best?.key) {
        await this.#ports.objects.delete(old);
      }
    }
  }

  /**
   * Writes how far the training is, and what its curves say in the same transaction. A report that cannot be written is no
   * reason to stop; a training that is another's is.
   *
   * @throws StaleAttemptError
   */
  async report(
    report: { readonly step: number; readonly steps: number | null; readonly detail: string },
    writeCurves?: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    const now = this.#ports.clock();
    try {
      await this.#transaction('writeProgress', async (tx) => {
        await this.#table.writeProgress(tx, this.#fence, { ...report, now });
        await writeCurves?.(tx);
      });
    } catch (error) {
      if (error instanceof StaleAttemptError) throw error;
      const fields = { ...this.#fence, step: report.step, error };
      const level = this.#isStopping() ? 'debug' : 'warn';
      this.#ports.logger[level](fields, 'the progress could not be written');
    }
  }

  /** A transaction behind the fence. @param what names it in traces @throws StaleAttemptError */
  async write(what: string, work: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.#transaction(what, async (tx) => {
      await this.#table.hold(tx, this.#fence);
      await work(tx);
    });
  }

  /** Stores the files of a model, then records it and ends the training; the checkpoints go last. @throws StaleAttemptError */
  async finish({ files, record }: FinishedModel): Promise<void> {
    for (const [key, bytes] of Object.entries(files)) {
      await this.#ports.objects.put(key, bytes, contentTypeOf(key));
    }
    await this.write('finishModel', async (tx) => {
      await keepObjects(tx, Object.keys(files));
      await record(tx);
    });
    await sweepCheckpoints(this.#folder, this.#ports);
  }

  async #bestState(current: State): Promise<State> {
    const best = this.#checkpoint?.best ?? null;
    if (best === null || best.step === this.#checkpoint?.step) return current;
    return (await readCheckpointFile<State, P>(best.key, current, this.#ports)).state;
  }

  #transaction(what: string, work: (tx: Transaction) => Promise<void>): Promise<void> {
    return this.#ports.database.transaction(`${this.#table.service}.${what}`, work);
  }
}

function contentTypeOf(key: string): string {
  return key.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}
