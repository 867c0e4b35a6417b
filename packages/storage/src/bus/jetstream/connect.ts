import type { Logger } from '@deepstyle/platform';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
} from '@nats-io/transport-node';
import { BusSettingsError, BusUnavailableError } from '../../errors.ts';

export interface NatsOptions {
  /** `nats://user:password@host:4222`, `tls://…`; several servers of one cluster with commas. */
  readonly url: string;
  /** The text of a `.creds` file. */
  readonly credentials?: string;
  readonly logger?: Logger;
}

const OLDEST_VERSION = [2, 10] as const;

interface ParsedUrl {
  /** host:port, fit to be shown. */
  readonly servers: readonly string[];
  readonly login: Pick<ConnectionOptions, 'user' | 'pass' | 'token'>;
  readonly useTls: boolean;
}

/** @throws BusSettingsError, which never repeats the URL: it may hold a password */
function parseUrl(text: string): ParsedUrl {
  try {
    const urls = text.split(',').map((each) => new URL(each.trim()));
    if (urls.some((url) => !/^(nats|tls):$/.test(url.protocol) || url.hostname === '')) {
      throw new TypeError('not a NATS URL');
    }
    const user = decodeURIComponent(urls[0]?.username ?? '');
    const pass = decodeURIComponent(urls[0]?.password ?? '');
    return {
      servers: urls.map((url) => `${url.hostname}:${url.port || '4222'}`),
      login: user === '' ? {} : pass === '' ? { token: user } : { user, pass },
      useTls: urls.some((url) => url.protocol === 'tls:'),
    };
  } catch (error) {
    throw new BusSettingsError(
      'The NATS URL is not of the form nats://user:password@host:4222.',
      error,
    );
  }
}

export interface NatsPlace {
  readonly connection: NatsConnection;
  /** For messages. */
  readonly servers: string;
}

/**
 * Connects, and from then on reconnects for ever.
 *
 * @throws BusSettingsError for a wrong URL, login or too old a server; BusUnavailableError
 */
export async function connectNats(options: NatsOptions): Promise<NatsPlace> {
  const { servers, login, useTls } = parseUrl(options.url);
  const shown = servers.join(', ');
  const connection = await connect({
    servers: [...servers],
    ...login,
    ...(useTls ? { tls: {} } : {}),
    ...(options.credentials === undefined
      ? {}
      : { authenticator: credsAuthenticator(new TextEncoder().encode(options.credentials)) }),
    name: 'deepstyle',
    maxReconnectAttempts: -1,
    reconnectDelayHandler: createReconnectDelay(),
    timeout: 5000,
    pingInterval: 10_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
  }).catch((error: unknown) => {
    throw describeConnectFailure(error, shown);
  });
  try {
    checkServer(connection, shown);
  } catch (error) {
    await connection.close();
    throw error;
  }
  void logStatus(connection, options.logger);
  return { connection, servers: shown };
}

const RECONNECT_DELAY_MS = 250;

/**
 * The client counts its pause from the wall clock's time of the last dial. Where the clock was set back since, that time lies
 * ahead, and it would not dial for as long: the pause ends at once then.
 */
function createReconnectDelay(): () => number {
  let latest = 0;
  return () => {
    const setBackMs = latest - Date.now();
    latest = Date.now();
    return setBackMs > 0 ? -setBackMs : RECONNECT_DELAY_MS;
  };
}

function describeConnectFailure(error: unknown, servers: string): Error {
  const { message } = error as Error;
  if (error instanceof errors.AuthorizationError || /authorization|authentication/i.test(message)) {
    return new BusSettingsError(`The NATS server ${servers} refuses the login.`, error);
  }
  return new BusUnavailableError(
    `No NATS server answers at ${servers}: ${message || 'no answer'}.`,
    error,
  );
}

function checkServer(connection: NatsConnection, servers: string): void {
  const { version = '', jetstream } = connection.info ?? {};
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_VERSION;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new BusSettingsError(
      `The NATS server at ${servers} is version ${version}; DeepStyle needs ${OLDEST_VERSION.join('.')} or newer.`,
    );
  }
  if (jetstream !== true) {
    throw new BusSettingsError(
      `The NATS server at ${servers} has no JetStream. Start it with -js and a store folder.`,
    );
  }
}

async function logStatus(connection: NatsConnection, logger: Logger | undefined): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') logger?.warn({}, 'the connection to NATS was lost');
    if (status.type === 'reconnect') logger?.info({}, 'the connection to NATS is back');
  }
}
