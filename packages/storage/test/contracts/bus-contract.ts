import { describeDeadLetters } from './bus-dead-letter-contract.ts';
import { describeDelivery } from './bus-delivery-contract.ts';
import { describeFailures } from './bus-failure-contract.ts';
import type { BusHarness } from './bus-fixture.ts';
import { describeHistory } from './bus-history-contract.ts';
import { describeLeases } from './bus-lease-contract.ts';
import { describeQueue } from './bus-queue-contract.ts';

/** What every bus does, whatever stands behind it. */
export function describeBus(start: () => Promise<BusHarness>): void {
  describeDelivery(start);
  describeLeases(start);
  describeFailures(start);
  describeDeadLetters(start);
  describeHistory(start);
  describeQueue(start);
}
