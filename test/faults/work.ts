import { ask, startRun } from '../pipeline/scenario.ts';
import type { DisturbedSystem } from './disturbed-system.ts';
import { type Input, recordId } from './inputs.ts';
import type { Expected } from './snapshot.ts';

/** In the order in which a run comes to them. */
export const STAGE_NAMES = ['scraping', 'detection', 'cropping', 'training', 'publishing'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** A run that the campaign has asked for. */
interface StartedRun {
  readonly key: string;
  readonly input: Input;
  readonly steps: number;
  /** Null until the graph has answered. */
  id: string | null;
  /** How far it was when it was last seen. */
  stages: Stages | null;
  /** When that was asked, ms of `performance.now()`. */
  seenAt: number;
}

export type Stages = Readonly<
  Record<StageName, { readonly state: string; readonly done: number } | null>
>;

const ASK_LIMIT_MS = 5_000;
const FINAL: readonly (string | undefined)[] = ['DONE', 'FAILED', 'HELD'];
const STAGES = STAGE_NAMES.map((name) => `${name} { state done failed expected detail }`).join(' ');
/** Steps of a training. */
const MIN_STEPS = 12;
/** Different lengths, so that not every run finds the model of an earlier one. */
const STEP_COUNTS = 9;

/** The runs of a campaign: starts them, and follows them by the graph as far as it answers. */
export class Work {
  readonly #system: Pick<DisturbedSystem, 'url' | 'token'>;
  readonly #inputs: readonly Input[];
  readonly #minSteps: number;
  readonly #runs: StartedRun[] = [];
  #lastMoved = performance.now();
  #seen = '';

  constructor(
    system: Pick<DisturbedSystem, 'url' | 'token'>,
    inputs: readonly Input[],
    minSteps: number = MIN_STEPS,
  ) {
    this.#system = system;
    this.#inputs = inputs;
    this.#minSteps = minSteps;
  }

  get runs(): number {
    return this.#runs.length;
  }

  /** One more run; it is asked for with the next look. */
  add(): void {
    const number = this.#runs.length;
    const input = this.#inputs[number % this.#inputs.length] as Input;
    const steps = this.#minSteps + (number % STEP_COUNTS);
    const key = `campaign-${number}`;
    this.#runs.push({ key, input, steps, id: null, stages: null, seenAt: 0 });
  }

  /** How far the newest run was when it was last seen, and when that was asked. */
  newest(): Pick<StartedRun, 'stages' | 'seenAt'> {
    return this.#runs.at(-1) ?? { stages: null, seenAt: 0 };
  }

  /** Ids of the runs that this holds of, as they were when last seen. */
  idsWhere(holds: (stages: Stages) => boolean): readonly string[] {
    return this.#runs.flatMap(({ id, stages }) =>
      id !== null && stages !== null && holds(stages) ? [id] : [],
    );
  }

  /** Says that a run may have more to come. */
  reopen(id: string): void {
    for (const run of this.#runs) if (run.id === id) run.stages = null;
  }

  /** Runs that have not ended, as far as is known. */
  unfinished(): number {
    return this.#runs.filter((run) => !isFinal(run)).length;
  }

  /** Whether a stage of any run is so far. */
  hasReached(stage: StageName, done: number): boolean {
    return this.#runs.some(({ stages }) => (stages?.[stage]?.done ?? -1) >= done);
  }

  /** Since any of the runs was last seen to move. */
  stillMs(): number {
    return performance.now() - this.#lastMoved;
  }

  /** Says that the runs were kept from moving. */
  forgive(): void {
    this.#lastMoved = performance.now();
  }

  /** Asks for what was not yet asked for, and how far the rest is. What does not answer is asked again the next time. */
  async look(): Promise<void> {
    for (const run of this.#runs) {
      if (isFinal(run)) continue;
      await this.#lookAt(run).catch(() => undefined);
    }
    const now = JSON.stringify(this.#runs.map(({ id, stages }) => [id, stages]));
    if (now !== this.#seen) this.#lastMoved = performance.now();
    this.#seen = now;
  }

  expected(): readonly Expected[] {
    return this.#runs.map(({ id, key, input }) => ({
      ...input.expected,
      runId: id === null ? key : recordId(id),
    }));
  }

  async #lookAt(run: StartedRun): Promise<void> {
    if (run.id === null) {
      const { input, key: idempotencyKey, steps } = run;
      const { folder, season, detector } = input;
      const request = { folder, season, idempotencyKey, steps, detector };
      run.id = await startRun(this.#system, request, ASK_LIMIT_MS);
    }
    const seenAt = performance.now();
    const answer = await ask<{ run: Stages }>(
      this.#system,
      `query ($id: ID!) { run(id: $id) { ${STAGES} } }`,
      { id: run.id },
      ASK_LIMIT_MS,
    );
    run.stages = answer.run;
    run.seenAt = seenAt;
  }
}

export function isFinal({ stages }: Pick<StartedRun, 'stages'>): boolean {
  return FINAL.includes(stages?.publishing?.state);
}
