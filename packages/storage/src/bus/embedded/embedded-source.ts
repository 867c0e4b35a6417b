import type { Database } from '../../database/database.ts';
import { createBatcher } from '../batcher.ts';
import type { Outcome, SubscribeOptions } from '../bus.ts';
import type { DeliverySource, HeldDelivery } from '../subscription.ts';
import type { WakeUp } from '../wake-up.ts';
import { type LeasedRow, lease, type Settlement, settleBatch } from './deliveries.ts';
import { toStoredMessage } from './rows.ts';

/** Longest wait of an idle subscriber; whatever comes rings. */
const IDLE_MS = 60_000;

/** Deliveries of one durable of the embedded bus. */
export function createEmbeddedSource(
  database: Database,
  options: SubscribeOptions,
  wakeUp: WakeUp,
): DeliverySource {
  const { ackWaitMs } = options;
  const key = { stream: options.stream, durable: options.durable };
  const settlements = createBatcher<Settlement, undefined>({
    run: async (batch) => {
      await settleBatch(database, key, batch);
      return batch.map(() => undefined);
    },
    maxItems: 500,
    maxWeight: 500,
    weigh: () => 1,
  });

  async function settle(sequence: number, attempt: number, outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'ack':
        return settlements.add({ kind: 'ack', sequence });
      case 'dead-letter':
        return settlements.add({ kind: 'dead-letter', sequence, reason: outcome.reason });
      case 'wait':
      case 'retry': {
        const { delayMs: ms } = outcome;
        const failures = outcome.kind === 'retry' ? 1 : 0;
        await settlements.add({ kind: 'lease', sequence, attempt, ms, failures });
        setTimeout(() => wakeUp.ring(), ms + 1).unref();
      }
    }
  }

  function hold(row: LeasedRow): HeldDelivery {
    const message = toStoredMessage(row);
    const { attempt, failures } = row;
    const { sequence } = message;
    const extend = () =>
      settlements.add({ kind: 'lease', sequence, attempt, ms: ackWaitMs, failures: 0 });
    return {
      delivery: { ...message, attempt, failures, working: extend },
      settle: (outcome) => settle(sequence, attempt, outcome),
      extend,
      giveBack: () => settlements.add({ kind: 'give-back', sequence, attempt }),
    };
  }

  return {
    async fetch(room, take, signal) {
      const rows = await lease(database, key, { max: room.free(), ackWaitMs });
      for (const row of rows) take(hold(row));
      if (rows.length === 0) await wakeUp.wait(IDLE_MS, signal);
    },
    // A lease is taken for this very fetch.
    async drain() {},
  };
}
