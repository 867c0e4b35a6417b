import { describeWithServer, type S3Server, startS3 } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'minio';
import { createS3ObjectStore } from '../src/index.ts';
import { describeObjectStore } from './contracts/object-store-contract.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describeWithServer('s3', 'S3', () => {
  let server: S3Server;
  const optionsOf = (running: S3Server, bucket: string) => ({
    endpoint: running.url,
    region: running.region,
    bucket,
    accessKey: running.accessKey,
    secretKey: running.secretKey,
  });
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(async () => {
    await server.stop();
  });

  describeObjectStore(async () => {
    const options = optionsOf(server, 'contract');
    const store = await createS3ObjectStore(options);
    const other = new Client({
      endPoint: '127.0.0.1',
      port: server.port,
      useSSL: false,
      accessKey: server.accessKey,
      secretKey: server.secretKey,
    });
    return {
      store,
      damage: async (key) => {
        const { metaData } = await other.statObject('contract', key);
        await other.putObject('contract', key, Buffer.from('XX'), 2, { sha256: metaData.sha256 });
      },
      stop: () => store.close(),
    };
  });

  test('the bucket is made once, however many start together', async () => {
    const stores = await Promise.all(
      [1, 2, 3, 4].map(() => createS3ObjectStore(optionsOf(server, 'together'))),
    );
    for (const store of stores) await store.close();
  });

  test('a signed URL is served by the server itself, until it is changed', async () => {
    const store = await createS3ObjectStore(optionsOf(server, 'signed'));
    await store.put('a/b.txt', bytesOf('signed'), 'text/plain');
    const url = await store.signedUrl('a/b.txt', 60);
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, 'signed']);
    expect((await fetch(url.replace('b.txt', 'c.txt'))).status).toBe(403);
    expect((await fetch(url.split('?')[0] as string)).status).toBe(403);
    await store.close();
  });

  test('signed URLs carry the public address where there is one', async () => {
    const store = await createS3ObjectStore({
      ...optionsOf(server, 'signed'),
      publicEndpoint: 'https://objects.example.org',
    });
    expect(await store.signedUrl('a', 60)).toMatch(/^https:\/\/objects\.example\.org\/signed\/a\?/);
    await store.close();
  });

  test('objects of other programs have a reference too', async () => {
    const store = await createS3ObjectStore(optionsOf(server, 'foreign'));
    const other = new Client({
      endPoint: '127.0.0.1',
      port: server.port,
      useSSL: false,
      accessKey: server.accessKey,
      secretKey: server.secretKey,
    });
    await other.putObject('foreign', 'theirs', 'one', 3, { 'Content-Type': 'text/plain' });
    expect((await store.head('theirs'))?.sha256).toMatch(/^7692c3ad/);
    await store.close();
  });

  test.each([
    [
      'a wrong secret',
      { secretKey: 'wrong-secret-of-tests' },
      /refuses the secret key of deepstyle-tests|does not let/,
    ],
    [
      'an unknown key',
      { accessKey: 'nobody' },
      /does not know the access key nobody|does not let nobody/,
    ],
    ['an impossible bucket', { bucket: 'A_B' }, /A_B/],
    ['a path in the URL', { endpoint: 'http://127.0.0.1:1/bucket' }, /not of the form/],
    ['no URL', { endpoint: 'localhost:9000' }, /not of the form/],
  ])('%s is a clear error that names no secret', async (_what, change, message) => {
    const attempt = createS3ObjectStore({ ...optionsOf(server, 'refused'), ...change });
    const error = await attempt.catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({
      reason: 'OBJECT_STORE_SETTINGS',
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(error) + (error as Error).message).not.toMatch(/secret-of-tests/);
  });

  test('a server that is away is named, and is found again when it is back', async () => {
    const own = await startS3();
    const store = await createS3ObjectStore(optionsOf(own, 'restart'));
    await store.put('kept', bytesOf('kept'), 'text/plain');
    await own.kill();
    await expect(store.get('kept')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(own.url),
    });
    await own.restart();
    expect((await store.get('kept')).length).toBe(4);
    await store.close();
    await own.stop();
  });
});
