import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { retried } from '../faults/target.ts';
import { ask } from '../pipeline/scenario.ts';
import type { SecuritySystem } from './system.ts';

export interface Received {
  readonly status: number;
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

const MAX_ANSWER_MS = 60_000;

/** Sends a request with its path as it is written; fetch would put it right. */
export function send(
  url: string,
  { method = 'GET', path, headers = {}, body }: Sent,
): Promise<Received> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(MAX_ANSWER_MS);
    const sending = request({ hostname, port, method, path, headers, signal }, (response) => {
      text(response).then(
        (said) => resolve({ status: response.statusCode ?? 0, body: said }),
        reject,
      );
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

/** Asks the graph, again where a process or a store is away: that is seen elsewhere. */
export function asked<T>(
  system: Pick<SecuritySystem, 'url' | 'token'>,
  query: string,
  variables: object,
): Promise<T> {
  return retried(() => ask<T>(system, query, variables));
}
