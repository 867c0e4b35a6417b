import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  drawSeasons,
  type TemporaryFolder,
  temporaryFolder,
  writeFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, finishRun } from './scenario.ts';
import { type System, startEmbedded } from './systems.ts';

const SEASON = 'FW2026';
const PHOTOS = 12;
/** The request whose answer waits, so that there is a middle to be canceled in. */
const HELD = 6;

let folder: TemporaryFolder;
let system: System;
let site: Server;
let release = (): void => undefined;
const released = new Promise<void>((resolve) => {
  release = resolve;
});
let tellAsked = (): void => undefined;
const isAsked = new Promise<void>((resolve) => {
  tellAsked = resolve;
});
beforeAll(async () => {
  folder = await temporaryFolder();
  const drawn = await drawSeasons({ seed: 7, seasons: [SEASON], perSeason: PHOTOS });
  await writeFolder(join(folder.path, 'drawn'), drawn);
  let requests = 0;
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    if (url.endsWith('.jpg')) requests += 1;
    if (requests === HELD) {
      tellAsked();
      await released;
    }
    const bytes = await readFile(join(folder.path, 'drawn', url)).catch(() => null);
    response.writeHead(bytes === null ? 404 : 200).end(bytes);
  };
  site = createServer(({ url = '' }, response) => void answer(url, response));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  await writeManifest(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
  system = await startEmbedded(join(folder.path, 'data'), {
    SCRAPER_CONCURRENCY: '1',
    SCRAPER_ALLOWED_HOSTS: '127.0.0.1',
  });
}, 120_000);
afterAll(async () => {
  await system.stop();
  site.close();
  await folder.remove();
}, 60_000);

async function writeManifest(origin: string): Promise<void> {
  const files = await readdir(join(folder.path, 'drawn'), { recursive: true });
  const lines = files
    .filter((file) => file.endsWith('.jpg'))
    .map((file) => `${JSON.stringify({ url: `${origin}/${file}` })}\n`);
  await writeFile(join(folder.path, 'list.jsonl'), lines.join(''));
}

async function mutate(
  name: 'startRun' | 'cancelRun' | 'resumeRun',
  input: object,
): Promise<string> {
  const type = name === 'startRun' ? 'StartRunInput' : 'ChangeRunInput';
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { run { id } userErrors { code } } }`;
  type Answer = Record<string, { readonly run: { readonly id: string } | null }>;
  const answer = await ask<Answer>(system, query, { input });
  return answer[name]?.run?.id ?? JSON.stringify(answer);
}

function start(idempotencyKey: string): Promise<string> {
  const sources = [{ manifest: join(folder.path, 'list.jsonl') }];
  const gan = { skip: true };
  return mutate('startRun', { idempotencyKey, season: SEASON, sources, detector: 'none', gan });
}

test('a run that is canceled while it collects, and resumed, ends as one that is not disturbed', async () => {
  const run = await start('canceled');
  await isAsked;
  await mutate('cancelRun', { run });
  const query = 'query ($id: ID!) { run(id: $id) { scraping { state } } }';
  expect(await ask(system, query, { id: run })).toEqual({
    run: { scraping: { state: 'CANCELED' } },
  });
  release();
  await mutate('resumeRun', { run });
  const canceled = await finishRun(system, run);
  const { photos, garments, counts } = await finishRun(system, await start('undisturbed'));
  expect(canceled).toMatchObject({ photos, garments, counts });
  expect(garments).toHaveLength(PHOTOS);
}, 300_000);
