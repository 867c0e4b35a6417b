import type { RequestHandler } from 'express';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Where a server listens, and under which address browsers reach it. */
export interface ServedAddress {
  readonly host: string;
  readonly publicUrl: string | undefined;
}

/** Whether only this machine reaches what listens on `host`. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || host === '::1';
}

/**
 * For a server that only this machine reaches: refuses a request that names another host. Else a foreign web page whose
 * own name is made to resolve to 127.0.0.1 (DNS rebinding) could read it as if it were its own origin. A server that
 * listens on other interfaces is guarded by the network in front of it, and refuses nothing.
 */
export function refuseForeignHosts(address: ServedAddress): RequestHandler {
  const { host, publicUrl } = address;
  if (!isLoopback(host)) return (_request, _response, next) => next();
  const known = new Set(LOOPBACK);
  if (publicUrl !== undefined && URL.canParse(publicUrl)) known.add(new URL(publicUrl).hostname);
  return (request, response, next) => {
    if (known.has(hostnameOf(request.headers.host))) return next();
    response
      .status(421)
      .type('text/plain')
      .send('This instance answers on this machine only. Set PUBLIC_URL to be reached by a name.');
  };
}

function hostnameOf(header: string | undefined): string {
  const url = `http://${header ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname : '';
}
