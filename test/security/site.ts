import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands at a path: its content, or what answers itself. */
export type Answer = Page | ((response: ServerResponse) => void);

export interface Page {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A site on a port of its own, so that robots.txt and the pace are its own too. */
export interface Site {
  /** By the name that the scraper may reach. */
  readonly origin: string;
  /** Opens further ports. */
  readonly openOrigins: (count: number) => Promise<readonly string[]>;
  answers: Readonly<Record<string, Answer>>;
  /** Requests so far, at all ports. */
  readonly visits: () => number;
  readonly close: () => Promise<void>;
}

/** The host that the scraper may reach; the addresses behind it are not named and stay closed. */
export const SITE_HOST = 'localhost';

export async function startSite(port = 0, host = '127.0.0.1'): Promise<Site> {
  let visits = 0;
  const servers: Server[] = [];
  const open = async (at: number): Promise<string> => {
    const server = createServer(({ url = '/' }, response) => {
      visits += 1;
      const answer = site.answers[url] ?? site.answers['*'] ?? { status: 404, body: '' };
      if (typeof answer === 'function') answer(response);
      else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, host, resolve);
    });
    servers.push(server);
    return `http://${SITE_HOST}:${(server.address() as AddressInfo).port}`;
  };
  const site: Site = {
    origin: await open(port),
    openOrigins: (count) => Promise.all(Array.from({ length: count }, () => open(0))),
    answers: {},
    visits: () => visits,
    close: async () => {
      await Promise.all(servers.map(closed));
    },
  };
  return site;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export const html = (body: string, headers: Page['headers'] = {}): Page => ({
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body,
});

export const picture = (
  body: Uint8Array,
  type = 'image/png',
  headers: Page['headers'] = {},
): Page => ({
  headers: { 'content-type': type, ...headers },
  body,
});

export const lines = (objects: readonly object[], headers: Page['headers'] = {}): Page => ({
  headers: { 'content-type': 'application/jsonl', ...headers },
  body: objects.map((each) => `${JSON.stringify(each)}\n`).join(''),
});

/** A header carries ASCII only. */
export const redirect = (location: string): Page => ({
  status: 302,
  headers: { location: location.replaceAll(/[^ -~]/gu, encodeURIComponent) },
  body: '',
});

/** Comes byte by byte, and does not end before it is left. */
export function trickling(headers: Page['headers']): Answer {
  return (response) => {
    response.writeHead(200, headers);
    const timer = setInterval(() => response.write('\u00ff', 'latin1'), 100);
    response.on('close', () => clearInterval(timer));
  };
}

/** Comes whole, with a pause before its second half. */
export function inHalves(type: string, body: Uint8Array, pauseMs: number): Answer {
  return (response) => {
    const half = Math.floor(body.length / 2);
    response.writeHead(200, { 'content-type': type, 'content-length': body.length });
    response.write(body.subarray(0, half));
    const timer = setTimeout(() => response.end(body.subarray(half)), pauseMs);
    response.on('close', () => clearTimeout(timer));
  };
}
