import http from 'node:http';
import https from 'node:https';

/** How long a server may be silent during a request. */
const SILENCE_MS = 30_000;

/** The part of node:http that the minio client uses; requests on a silent connection fail instead of hanging. */
export function createTransport(useTls: boolean): {
  readonly transport: Pick<typeof http, 'request'>;
  readonly agent: http.Agent;
} {
  const agent = useTls
    ? new https.Agent({ keepAlive: true, maxSockets: 64 })
    : new http.Agent({ keepAlive: true, maxSockets: 64 });
  const { request } = useTls ? https : http;
  const withLimit = (
    options: http.RequestOptions,
    onResponse?: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const sent = request({ ...options, agent }, onResponse);
    sent.setTimeout(SILENCE_MS, () => {
      sent.destroy(new Error(`the server was silent for ${SILENCE_MS / 1000} s`));
    });
    return sent;
  };
  return { transport: { request: withLimit as typeof http.request }, agent };
}
