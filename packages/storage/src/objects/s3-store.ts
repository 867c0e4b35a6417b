import { createHash } from 'node:crypto';
import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BucketItem, Client } from 'minio';
import {
  ObjectCorruptError,
  ObjectNotFoundError,
  ObjectStoreSettingsError,
  ObjectStoreUnavailableError,
} from '../errors.ts';
import { resolveRange } from './byte-range.ts';
import { type ByteSource, checkedStream } from './checked-stream.ts';
import { checkContentType, checkObjectKey } from './object-key.ts';
import type { ByteRange, ListedObject, ObjectReference, ObjectStore } from './object-store.ts';
import { describeS3Failure, type S3Place } from './s3-failures.ts';
import { createTransport } from './s3-transport.ts';
import { checkExpiry } from './signed-url.ts';

export interface S3ObjectStoreOptions {
  /** `http://minio:9000`, `https://s3.eu-central-1.amazonaws.com`: without bucket or path. */
  readonly endpoint: string;
  /** Where browsers reach the same server, for signed URLs. Default: `endpoint`. */
  readonly publicEndpoint?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Created where missing. */
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const CHECK_KEY = 'deepstyle-check';
const PAUSES_MS = [100, 500];

/**
 * Objects in a bucket of any S3 server. The SHA-256 is kept as metadata (`x-amz-meta-sha256`).
 *
 * @throws ObjectStoreSettingsError for a wrong URL, key, region or lacking rights; ObjectStoreUnavailableError
 */
export async function createS3ObjectStore(options: S3ObjectStoreOptions): Promise<ObjectStore> {
  const store = new S3ObjectStore(options);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

function parseEndpoint(endpoint: string): URL {
  try {
    const url = new URL(endpoint);
    const isPlain = /^https?:$/.test(url.protocol) && url.pathname === '/' && url.username === '';
    if (isPlain && url.search === '') return url;
  } catch {
    // Described below.
  }
  throw new ObjectStoreSettingsError(
    'The S3 endpoint is not of the form http://host:port or https://host, without keys, path or query.',
  );
}

function createClient(
  endpoint: string,
  options: S3ObjectStoreOptions,
): { client: Client; agent: http.Agent } {
  const url = parseEndpoint(endpoint);
  const useSSL = url.protocol === 'https:';
  const { transport, agent } = createTransport(useSSL);
  const client = new Client({
    endPoint: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    useSSL,
    region: options.region ?? 'us-east-1',
    accessKey: options.accessKey,
    secretKey: options.secretKey,
    pathStyle: true,
    transport: transport as never,
    // The client's own retries write to the console; see #attempt.
    retryOptions: { disableRetry: true },
  });
  return { client, agent };
}

class S3ObjectStore implements ObjectStore {
  readonly #client: Client;
  readonly #agent: http.Agent;
  readonly #signer: Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #place: S3Place;
  #isOpen = false;

  constructor(options: S3ObjectStoreOptions) {
    const { endpoint, publicEndpoint = endpoint, bucket, accessKey } = options;
    const { client, agent } = createClient(endpoint, options);
    this.#client = client;
    this.#agent = agent;
    this.#signer = createClient(publicEndpoint, options).client;
    this.#bucket = bucket;
    this.#region = options.region ?? 'us-east-1';
    this.#place = { endpoint: new URL(endpoint).origin, bucket, accessKey };
  }

  async open(): Promise<void> {
    const exists = await this.#attempt(null, () => this.#client.bucketExists(this.#bucket));
    if (!exists) await this.#createBucket();
    await this.check();
    this.#isOpen = true;
  }

  /** A server that took the settings before and refuses them now, as while a key is changed, is away. */
  #describe(error: unknown, key: string | null): Error {
    const described = describeS3Failure(error, this.#place, key);
    return this.#isOpen && described instanceof ObjectStoreSettingsError
      ? new ObjectStoreUnavailableError(described.message, described)
      : described;
  }

  async #createBucket(): Promise<void> {
    try {
      await this.#client.makeBucket(this.#bucket, this.#region);
    } catch (error) {
      // Another process may have been faster; servers say so in many ways.
      const exists = await this.#client.bucketExists(this.#bucket).catch(() => false);
      if (!exists) throw this.#describe(error, null);
    }
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<ObjectReference> {
    checkObjectKey(key);
    checkContentType(key, contentType);
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const metadata = { 'Content-Type': contentType, sha256 };
    await this.#attempt(null, () =>
      this.#client.putObject(this.#bucket, key, body, body.length, metadata),
    );
    return { key, sha256, contentType, bytes: body.length };
  }

  async get(key: string): Promise<Uint8Array> {
    checkObjectKey(key);
    return this.#attempt(key, async () => {
      const response = await this.#open(key);
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const bytes = new Uint8Array(Buffer.concat(parts));
      const sha256 = sha256Of(response);
      if (sha256 !== null && sha256 !== createHash('sha256').update(bytes).digest('hex')) {
        throw new ObjectCorruptError(key, 'its bytes do not match its SHA-256');
      }
      return bytes;
    });
  }

  async stream(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    checkObjectKey(key);
    const { offset, length } = await this.#part(key, range);
    const response = await this.#attempt(key, () => this.#open(key, offset, length));
    const sha256 = range === undefined ? sha256Of(response) : null;
    return checkedStream(key, this.#sourceOf(response), sha256);
  }

  async #part(
    key: string,
    range: ByteRange | undefined,
  ): Promise<{ offset: number; length: number }> {
    if (range === undefined) return { offset: 0, length: 0 };
    const found = await this.head(key);
    if (found === null) throw new ObjectNotFoundError(key);
    const { start, length } = resolveRange(key, found.bytes, range);
    return { offset: start, length };
  }

  async head(key: string): Promise<ObjectReference | null> {
    checkObjectKey(key);
    try {
      const found = await this.#attempt(key, () => this.#client.statObject(this.#bucket, key));
      const metadata = found.metaData as Record<string, string>;
      const contentType = metadata['content-type'] ?? 'application/octet-stream';
      // An object that something else put there: its hash is only known by reading it.
      const sha256 = metadata.sha256 ?? (await this.#hash(key));
      return { key, sha256, contentType, bytes: found.size };
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return null;
      throw error;
    }
  }

  async #hash(key: string): Promise<string> {
    return createHash('sha256')
      .update(await this.get(key))
      .digest('hex');
  }

  async *list(prefix: string, after = ''): AsyncGenerator<ListedObject> {
    try {
      const items = this.#client.listObjectsV2(this.#bucket, prefix, true, after);
      for await (const item of items as AsyncIterable<BucketItem>) {
        if (item.name === undefined || item.name === CHECK_KEY) continue;
        yield { key: item.name, bytes: item.size, modifiedAt: new Date(item.lastModified) };
      }
    } catch (error) {
      throw this.#describe(error, null);
    }
  }

  async delete(key: string): Promise<void> {
    checkObjectKey(key);
    try {
      await this.#attempt(key, () => this.#client.removeObject(this.#bucket, key));
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError)) throw error;
    }
  }

  async signedUrl(key: string, expiresSeconds: number): Promise<string> {
    checkObjectKey(key);
    checkExpiry(expiresSeconds);
    return this.#signer.presignedGetObject(this.#bucket, key, expiresSeconds);
  }

  async check(): Promise<void> {
    await this.put(CHECK_KEY, Buffer.from('written to see whether it can be'), 'text/plain');
    await this.get(CHECK_KEY);
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  async #open(key: string, offset = 0, length = 0): Promise<http.IncomingMessage> {
    const response = await this.#client.getPartialObject(this.#bucket, key, offset, length);
    return response as http.IncomingMessage;
  }

  /** Every operation may be repeated, so that a connection that broke is not the caller's matter. */
  async #attempt<T>(key: string | null, work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const described = this.#describe(error, key);
        const pauseMs = PAUSES_MS[attempt];
        // Damage is looked at twice: it may lie in the transfer.
        const isWorthIt =
          described instanceof ObjectStoreUnavailableError ||
          (described instanceof ObjectCorruptError && attempt === 0);
        if (!isWorthIt || pauseMs === undefined) throw described;
        await sleep(pauseMs);
      }
    }
  }

  #sourceOf(response: http.IncomingMessage): ByteSource {
    const chunks = response[Symbol.asyncIterator]();
    return {
      read: async () => {
        try {
          const { done, value } = await chunks.next();
          return done === true ? null : new Uint8Array(value as Buffer);
        } catch (error) {
          throw this.#describe(error, null);
        }
      },
      close: async () => {
        response.destroy();
      },
    };
  }
}

function sha256Of(response: http.IncomingMessage): string | null {
  const value = response.headers['x-amz-meta-sha256'];
  return typeof value === 'string' ? value : null;
}
