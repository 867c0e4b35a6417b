import { observeMetric } from './telemetry/measure.ts';

/** Something a process cannot work without, and how to ask whether it is there. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
  /** An answer is good for so long, as is fit for a check that writes. Default: for one probe. */
  readonly holdsMs?: number;
}

export type HealthState = 'starting' | 'ready' | 'draining';

export interface HealthReport {
  readonly ok: boolean;
  readonly state: HealthState;
  /** One line per failing dependency: its name only, as details may hold addresses. */
  readonly failing: readonly string[];
}

/** A check that has not ended after so long will not; it is begun anew. */
const LOST_MS = 60_000;

/** State of a process and of what it depends on, as probes and gRPC health tell it. */
export class Health {
  readonly #checks: readonly RunningCheck[];
  #state: HealthState = 'starting';

  constructor(checks: readonly HealthCheck[], checkLimitMs = 2_000) {
    this.#checks = checks.map((check) => new RunningCheck(check, checkLimitMs));
  }

  get state(): HealthState {
    return this.#state;
  }

  markReady(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  /** Readiness falls first, so that nothing new is sent here while the process closes. */
  markDraining(): void {
    this.#state = 'draining';
  }

  async readiness(): Promise<HealthReport> {
    const asked = await this.#askAll();
    const failing = asked.filter(({ passes }) => !passes).map(({ name }) => name);
    return {
      ok: this.#state === 'ready' && failing.length === 0,
      state: this.#state,
      failing: failing.sort(),
    };
  }

  /** Has each check asked at each scrape too, until the returned function is called. */
  observe(): () => void {
    return observeMetric('checkFailing', async () =>
      (await this.#askAll()).map(({ name, passes }) => ({
        value: passes ? 0 : 1,
        labels: { check: name },
      })),
    );
  }

  #askAll(): Promise<readonly { readonly name: string; readonly passes: boolean }[]> {
    return Promise.all(
      this.#checks.map(async (check) => ({ name: check.name, passes: await check.passes() })),
    );
  }
}

/** One at a time, however many probes ask: a store that hangs is not asked again and again. */
class RunningCheck {
  readonly name: string;
  readonly #check: () => Promise<void>;
  readonly #holdsMs: number;
  readonly #limitMs: number;
  #underWay: { readonly passes: Promise<boolean>; readonly since: number } | null = null;
  #last: { readonly passes: boolean; readonly at: number } | null = null;

  constructor({ name, check, holdsMs = 0 }: HealthCheck, limitMs: number) {
    this.name = name;
    this.#check = check;
    this.#holdsMs = holdsMs;
    this.#limitMs = limitMs;
  }

  async passes(): Promise<boolean> {
    const now = performance.now();
    if (this.#last !== null && now - this.#last.at < this.#holdsMs) return this.#last.passes;
    if (this.#underWay === null || now - this.#underWay.since > LOST_MS) this.#begin(now);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.#limitMs);
      timer.unref();
    });
    const passes = await Promise.race([this.#underWay?.passes, limit]);
    clearTimeout(timer);
    return passes ?? false;
  }

  #begin(now: number): void {
    const passes = this.#ask().then((answer) => {
      this.#last = { passes: answer, at: performance.now() };
      this.#underWay = null;
      return answer;
    });
    this.#underWay = { passes, since: now };
  }

  async #ask(): Promise<boolean> {
    try {
      await this.#check();
      return true;
    } catch {
      return false;
    }
  }
}
