import { createLogger } from '@deepstyle/platform';
import {
  createFilesystemObjectStore,
  type ObjectStore,
  ObjectStoreUnavailableError,
} from '@deepstyle/storage';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkpointKey, decodeStored, sweepCheckpoints } from '../src/checkpoint-files.ts';
import { CheckpointDamagedError } from '../src/index.ts';

const logger = createLogger({ level: 'silent', name: 'test' });

test('a worker that lost its training writes beside its successor, not over it', () => {
  const keyOf = (attempt: number) =>
    checkpointKey('checkpoints/x/', { trainingId: 'x', attempt }, 8);
  expect([keyOf(1), keyOf(2)]).toEqual([
    'checkpoints/x/1-8.safetensors',
    'checkpoints/x/2-8.safetensors',
  ]);
});

describe('the checkpoints of an ended training', () => {
  let folder: TemporaryFolder;
  let objects: ObjectStore;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const signing = { signingKey: 'a signing key for tests', baseUrl: 'http://127.0.0.1' };
    objects = await createFilesystemObjectStore({ root: folder.path, ...signing });
  });
  afterAll(async () => {
    await objects.close();
    await folder.remove();
  });

  test('are deleted, and no one else’s', async () => {
    const keys = ['checkpoints/x/1-8', 'checkpoints/x/2-9', 'checkpoints/xy/1-8', 'models/x/w'];
    for (const key of keys) await objects.put(key, Buffer.from(key), 'application/octet-stream');
    await sweepCheckpoints('checkpoints/x/', { objects, logger });
    const left: string[] = [];
    for await (const { key } of objects.list('')) left.push(key);
    expect(left.toSorted()).toEqual(['checkpoints/xy/1-8', 'models/x/w']);
  });

  test('do no harm where they cannot be deleted', async () => {
    const away: ObjectStore = Object.create(objects, {
      list: {
        value: () => {
          throw new ObjectStoreUnavailableError('the disk is away');
        },
      },
    });
    await expect(
      sweepCheckpoints('checkpoints/x/', { objects: away, logger }),
    ).resolves.toBeUndefined();
  });
});

test('stored weights that cannot be read are named, with the cause', () => {
  const cause = new Error('cut short');
  const decode = () =>
    decodeStored('models/x', () => {
      throw cause;
    });
  expect(decode).toThrow(CheckpointDamagedError);
  expect(decode).toThrow(
    expect.objectContaining({ cause, message: expect.stringContaining('models/x') }),
  );
  expect(decodeStored('models/x', () => 7)).toBe(7);
});
