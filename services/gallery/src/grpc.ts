import type { GrpcService } from '@deepstyle/service';

export function createGrpc(): readonly GrpcService[] {
  return [];
}
