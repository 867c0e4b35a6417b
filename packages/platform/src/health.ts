/** Something a process cannot work without, and how to ask whether it is there. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export type HealthState = 'starting' | 'ready' | 'draining';

export interface HealthReport {
  readonly ok: boolean;
  readonly state: HealthState;
  /** One line per failing dependency: its name only, as details may hold addresses. */
  readonly failing: readonly string[];
}

/** State of a process and of what it depends on, as probes and gRPC health tell it. */
export class Health {
  readonly #checks: readonly HealthCheck[];
  readonly #checkLimitMs: number;
  #state: HealthState = 'starting';

  constructor(checks: readonly HealthCheck[], checkLimitMs = 2_000) {
    this.#checks = checks;
    this.#checkLimitMs = checkLimitMs;
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
    const failing: string[] = [];
    await Promise.all(
      this.#checks.map(async ({ name, check }) => {
        const limit = new Promise<never>((_resolve, reject) => {
          setTimeout(() => reject(new Error('no answer')), this.#checkLimitMs).unref();
        });
        try {
          await Promise.race([check(), limit]);
        } catch {
          failing.push(name);
        }
      }),
    );
    return {
      ok: this.#state === 'ready' && failing.length === 0,
      state: this.#state,
      failing: failing.sort(),
    };
  }
}
