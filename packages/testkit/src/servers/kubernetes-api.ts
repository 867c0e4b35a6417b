import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** As much of a Kubernetes object as every kind has. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export class KubernetesApiError extends Error {
  readonly status: number;
  constructor(method: string, path: string, status: number, text: string) {
    super(`${method} ${path}: ${status} ${messageOf(text)}`);
    this.status = status;
  }
}

/** What the server says of a refusal: the message of a Status, or plain text. */
function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}

/** The REST API of a control plane, as its administrator. */
export interface KubernetesApi {
  get<T = KubernetesObject>(path: string): Promise<T>;
  /** The items of a list, e.g. of `/api/v1/namespaces/x/pods`. */
  list<T = KubernetesObject>(path: string): Promise<readonly T[]>;
  /** `body`: an object, or text of YAML. @throws KubernetesApiError with the server's message */
  create<T = KubernetesObject>(path: string, body: object | string): Promise<T>;
  /** Merges `body` into an object (RFC 7386). */
  merge(path: string, body: object): Promise<void>;
  /** Makes or changes an object so that it has these fields (server-side apply). */
  apply(path: string, yaml: string): Promise<void>;
  remove(path: string): Promise<void>;
}

interface Server {
  readonly port: number;
  readonly token: string;
  /** Certificate that the server's own is checked against. */
  readonly ca: () => Buffer;
}

const POLL_MS = 100;

export function createKubernetesApi(server: Server): KubernetesApi {
  async function call<T>(method: string, path: string, type?: string, body?: string): Promise<T> {
    const { status, text } = await send(server, { method, path, type, body });
    if (status >= 400) throw new KubernetesApiError(method, path, status, text);
    return (text.startsWith('{') ? JSON.parse(text) : text) as T;
  }
  return {
    get: (path) => call('GET', path),
    list: async <T>(path: string) => (await call<{ items: readonly T[] }>('GET', path)).items,
    create: (path, body) =>
      typeof body === 'string'
        ? call('POST', path, 'application/yaml', body)
        : call('POST', path, 'application/json', JSON.stringify(body)),
    merge: (path, body) =>
      call('PATCH', path, 'application/merge-patch+json', JSON.stringify(body)),
    apply: (path, yaml) =>
      call(
        'PATCH',
        `${path}?fieldManager=testkit&force=true`,
        'application/apply-patch+yaml',
        yaml,
      ),
    remove: (path) => call('DELETE', path),
  };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly body: string | undefined;
}

function send(
  { port, token, ca }: Server,
  { method, path, type, body }: Call,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    };
    const options = { host: '127.0.0.1', port, path, method, headers, ca: ca() };
    const onResponse = (response: IncomingMessage): void => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.once('error', reject);
    };
    httpsRequest(options, onResponse).once('error', reject).end(body);
  });
}

/** Asks until there is an answer that is not null. @throws with what was waited for, and the last failure */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null>,
  limitMs = 60_000,
): Promise<T> {
  const givesUpAt = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > givesUpAt) {
      const because = last instanceof Error ? `: ${last.message}` : '';
      throw new Error(`${what} did not come within ${limitMs} ms${because}`);
    }
    await sleep(POLL_MS);
  }
}
