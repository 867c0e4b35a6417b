import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { assetPath } from '@deepstyle/platform';
import { describeWithServer, findProgram, type S3Server, startS3 } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'minio';
import {
  createS3ObjectStore,
  type ObjectStore,
  ObjectStoreUnavailableError,
} from '../src/index.ts';

const run = promisify(execFile);
const POLICY = readFileSync(assetPath('k8s/objects/bucket-policy.json'), 'utf8');
const BUCKET = 'deepstyle';

/** Where each process keeps what, and whose it reads: `r`, `w` and `d`. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scraper: { photos: 'rwd', installations: 'rw' },
  dataset: { datasets: 'rwd', 'dataset-images': 'rw', installations: 'rw' },
  detector: {
    photos: 'r',
    datasets: 'r',
    'dataset-images': 'r',
    'models/detector': 'rwd',
    'checkpoints/detector': 'rwd',
    installations: 'rw',
  },
  cropper: { photos: 'r', garments: 'rwd', installations: 'rw' },
  'gan-trainer': {
    garments: 'r',
    models: 'rwd',
    checkpoints: 'rwd',
    designs: 'wd',
    grids: 'wd',
    installations: 'rw',
  },
  gallery: { designs: 'rd', installations: 'rw' },
  gateway: {
    photos: 'r',
    'dataset-images': 'r',
    garments: 'r',
    designs: 'r',
    grids: 'r',
    installations: 'rw',
  },
};
const FOLDERS = [...new Set(Object.values(RIGHTS).flatMap((rights) => Object.keys(rights)))];

async function letterOf(letter: string, work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return letter;
  } catch (error) {
    expect(error).toBeInstanceOf(ObjectStoreUnavailableError);
    return '';
  }
}

describeWithServer('s3', 'the policy of k8s/objects for keys of an S3 server', () => {
  let server: S3Server;
  const bytes = new TextEncoder().encode('held');
  const keysOf = (name: string) => ({
    accessKey: `deepstyle-${name}`,
    secretKey: `secret of the ${name}`,
  });
  const storeOf = (keys: { accessKey: string; secretKey: string }): Promise<ObjectStore> =>
    createS3ObjectStore({ endpoint: server.url, region: server.region, bucket: BUCKET, ...keys });

  beforeAll(async () => {
    server = await startS3();
    const { accessKey, secretKey, url, port } = server;
    for (const name of Object.keys(RIGHTS)) {
      const user = keysOf(name);
      await run(findProgram('versitygw') ?? 'versitygw', [
        ...['admin', '--endpoint-url', url, '--access', accessKey, '--secret', secretKey],
        ...['create-user', '--access', user.accessKey, '--secret', user.secretKey],
        ...['--role', 'user'],
      ]);
    }
    const owner = await storeOf({ accessKey, secretKey });
    await owner.close();
    const client = new Client({
      endPoint: '127.0.0.1',
      port,
      useSSL: false,
      ...{ accessKey, secretKey, region: server.region },
    });
    // The server keeps it in an attribute of a folder, which takes 4 KB on some file systems.
    await client.setBucketPolicy(BUCKET, JSON.stringify(JSON.parse(POLICY)));
  });
  afterAll(() => server.stop());

  test.each(Object.entries(RIGHTS))(
    'lets the %s do what it does, and nothing else',
    async (name, rights) => {
      const owner = await storeOf(server);
      const store = await storeOf(keysOf(name));
      // What is refused is tried again for a while, as after a change of keys; so all at once.
      const found = await Promise.all(
        FOLDERS.map(async (folder) => {
          const key = `${folder}/of-${name}`;
          await owner.put(key, bytes, 'text/plain');
          const may = [
            await letterOf('r', store.get(key)),
            await letterOf('w', store.put(key, bytes, 'text/plain')),
            await letterOf('d', store.delete(key)),
          ];
          return [folder, may.join('')];
        }),
      );
      expect(found).toEqual(FOLDERS.map((folder) => [folder, rights[folder] ?? '']));
      // What is not there is not there, rather than forbidden.
      const [own = ''] = Object.keys(rights).filter((folder) => rights[folder]?.includes('r'));
      expect(await store.head(`${own}/nothing`)).toBeNull();
      await Promise.all([owner.close(), store.close()]);
    },
  );
});
