import type { GrpcService } from '@deepstyle/service';

/** No other service calls the scraper. */
export function createGrpc(): readonly GrpcService[] {
  return [];
}
