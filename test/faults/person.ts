import { ask } from '../pipeline/scenario.ts';
import type { DisturbedSystem } from './disturbed-system.ts';
import type { FaultTarget } from './schedule.ts';
import { retried, type Target } from './target.ts';
import { isFinal, type Work } from './work.ts';

const NAME = 'a person';
const ACTS = ['cancel', 'retry'] as const;
/** Of all that a schedule draws: enough to meet most faults, few enough that runs end. */
const SHARE = 1 / 8;
/** One of so many runs that were collected last. */
const RETRIED = 3;
const ASK_LIMIT_MS = 5_000;
/** Longer than anything is away. */
const INSIST_MS = 300_000;

/** A person beside what else faults befall, who does a share of it. */
export function personAmong(others: readonly FaultTarget[]): FaultTarget {
  const cards = others.reduce((sum, { kinds }) => sum + kinds.length, 0);
  const each = Math.ceil((cards * SHARE) / 2);
  return { name: NAME, kinds: Array.from({ length: each }, () => ACTS).flat() };
}

/** Changes runs, and insists until it is answered: what was asked for comes about, whatever is away meanwhile. */
export function personAt(system: Pick<DisturbedSystem, 'url' | 'token'>, work: Work): Target {
  let acts = 0;
  /** Another one each time, so that every stage has its turn. */
  const oneOf = (ids: readonly string[]): string | undefined => {
    acts += 1;
    return ids[acts % ids.length];
  };
  const change = (name: 'cancelRun' | 'resumeRun' | 'retryRun', run: string) =>
    retried(async () => {
      // A refusal is an answer too: a run that still collects is not retried, and one that was resumed unheard is not resumed twice.
      const mutation = `mutation ($input: ChangeRunInput!) { ${name}(input: $input) { userErrors { code } } }`;
      await ask(system, mutation, { input: { run } }, ASK_LIMIT_MS);
    }, INSIST_MS);
  return {
    name: NAME,
    kinds: ACTS,
    isReady: async () => true,
    harm: {
      cancel: async () => {
        const run = oneOf(work.idsWhere((stages) => !isFinal({ stages })));
        if (run === undefined) return async () => undefined;
        await change('cancelRun', run);
        return () => change('resumeRun', run);
      },
      retry: async () => {
        const run = oneOf(
          work.idsWhere(({ scraping }) => scraping?.state === 'DONE').slice(-RETRIED),
        );
        if (run === undefined) return async () => undefined;
        await change('retryRun', run);
        work.reopen(run);
        return async () => undefined;
      },
    },
  };
}
