import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface LocalSite {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server on the loopback address that answers by path; 404 for the rest. */
export async function startLocalSite(
  routes: Readonly<Record<string, Handler>>,
): Promise<LocalSite> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(path);
    const handler = routes[path];
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function body(
  content: string | Uint8Array,
  headers: Record<string, string> = {},
  status = 200,
): Handler {
  return (_, response) => response.writeHead(status, headers).end(content);
}

export function html(content: string, headers: Record<string, string> = {}): Handler {
  return body(content, { 'content-type': 'text/html; charset=utf-8', ...headers });
}

export function image(content: Uint8Array, headers: Record<string, string> = {}): Handler {
  return body(content, { 'content-type': 'image/jpeg', ...headers });
}

/** A body that goes on for as long as somebody reads it. */
export function endless(chunk: Uint8Array, headers: Record<string, string> = {}) {
  let sentBytes = 0;
  const handler: Handler = (_, response) => {
    response.writeHead(200, headers);
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
    };
    response.on('drain', more);
    more();
  };
  return { handler, sentBytes: () => sentBytes };
}

export function manyTimes(bytes: Uint8Array, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}
