import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ObjectStore, openObjects } from '@deepstyle/storage';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import sharp from 'sharp';
import { imageRoute } from '../src/images.ts';

const KEY = `photos/aa/${'a'.repeat(64)}`;
/** As much as a photograph may have. */
const BYTES = 30_000_000;

let folder: TemporaryFolder;
let store: ObjectStore;
let server: Server;
/** Stored images that are being read now, and at most. */
const reading = { now: 0, most: 0 };
beforeAll(async () => {
  folder = await temporaryFolder('gateway-images');
  ({ store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' }));
  const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#a05' } })
    .jpeg()
    .toBuffer();
  // What follows a picture is not decoded.
  const padded = Buffer.concat([jpeg, Buffer.alloc(BYTES - jpeg.length)]);
  await store.put(KEY, padded, 'image/jpeg');
  const get = async (key: string) => {
    reading.now += 1;
    reading.most = Math.max(reading.most, reading.now);
    try {
      return await store.get(key);
    } finally {
      reading.now -= 1;
    }
  };
  const counted: ObjectStore = Object.create(store, {
    get: { value: get },
    head: { value: store.head.bind(store) },
  });
  server = createServer(express().get('/images/*key', imageRoute(counted)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await store.close();
  await folder.remove();
});

test('images that many ask for at once are read as there is room for them, and all are shown', async () => {
  const { port } = server.address() as AddressInfo;
  const asked = Array.from({ length: 12 }, () =>
    fetch(`http://127.0.0.1:${port}/images/${KEY}?w=64`),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(reading.most).toBe(2);
});
