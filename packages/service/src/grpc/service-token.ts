import { ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { isOneOf } from '../authorization.ts';

/** The header of a call between processes, by gRPC as by HTTP, that carries the service token. */
export const SERVICE_TOKEN_HEADER = 'deepstyle-service-token';

// Kubelets and `helm test` ask without a token; the answer is one word.
const HEALTH = '/grpc.health.v1.Health/';

/** Refuses calls without one of the tokens before their handler hears of them, reflection included. */
export function requireServiceToken(tokens: readonly string[]): ServerInterceptor {
  return ({ path }, call) => {
    if (path.startsWith(HEALTH)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, pass) => {
            const given = metadata.get(SERVICE_TOKEN_HEADER)[0]?.toString() ?? '';
            if (isOneOf(given, tokens)) pass(metadata);
            else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'unauthenticated' });
          },
        });
      },
    });
  };
}
