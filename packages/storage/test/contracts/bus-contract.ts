import { describeDelivery } from './bus-delivery-contract.ts';
import type { BusHarness } from './bus-fixture.ts';
import { describeHistory } from './bus-history-contract.ts';

/** What every bus does, whatever stands behind it. */
export function describeBus(start: () => Promise<BusHarness>): void {
  describeDelivery(start);
  describeHistory(start);
}
