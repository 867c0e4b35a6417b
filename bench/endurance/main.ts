import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { assetPath, processEnvironment } from '@deepstyle/platform';
import { temporaryFolder } from '@deepstyle/testkit';
import { drawSquares } from '../detector-workers/photos.ts';
import { cpuSeconds, residentMb } from './process-figures.ts';
import { type Progress, type Sample, windowsOf } from './windows.ts';

const PHOTOS = 20_000;
const WINDOW = 1_000;
const SAMPLE_MS = 1_000;
const TOKEN = 'token-of-the-bench';
/** How far a window may lie from the mean. */
const TOLERANCE = 0.2;

const START = `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } userErrors { message } } }`;
const RUN = `query ($id: ID!) { run(id: $id) {
  scraping { done } cropping { done } publishing { state } } }`;

/**
 * One run of many tiny photographs in one process over embedded stores, without detector and GAN: the CPU time of each
 * thousand photographs, the first left out, and the resident memory. `--photos N` for fewer.
 */
export async function run(args: readonly string[]) {
  const given = args.indexOf('--photos');
  const photos = given === -1 ? PHOTOS : Number(args[given + 1]);
  const folder = await temporaryFolder('endurance');
  try {
    await drawPhotos(join(folder.path, 'photos'), photos);
    const samples = await takeRun(folder.path);
    const windows = windowsOf(samples, WINDOW).slice(1);
    const spread = windows.map(({ relative }) => Math.abs(relative - 1));
    const rss = samples.map(({ rssMb }) => Math.round(rssMb));
    return {
      peer: null,
      ours: Object.fromEntries(
        windows.map(({ photos, cpuMs }) => [`to ${photos} photographs`, cpuMs]),
      ),
      unit: 'ms of CPU a photograph',
      memory: {
        atHalfMb: rss[Math.floor(rss.length / 2)],
        atEndMb: rss.at(-1),
        peakMb: Math.max(...rss),
      },
      photos,
      windows,
      isConstant: Math.max(...spread) <= TOLERANCE,
    };
  } finally {
    await folder.remove();
  }
}

/** So small that what is measured is the way and not the decoding. */
async function drawPhotos(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  for (let n = 0; n < count; n += 1)
    await writeFile(join(folder, `${n}.jpg`), await drawSquares(n));
}

async function takeRun(folder: string): Promise<readonly Sample[]> {
  const data = join(folder, 'data');
  const { PATH = '', HOME = '' } = processEnvironment();
  const child = spawn(
    process.execPath,
    [assetPath('dist/deepstyle.js'), 'up', '--port', '0', '--data', data],
    {
      env: { PATH, HOME, API_TOKEN: TOKEN, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  let url = '';
  const ask = async (query: string, variables: object) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ query, variables }),
    });
    return ((await response.json()) as { data: Record<string, unknown> }).data;
  };
  try {
    while (url === '') {
      await wait(200);
      url = await urlOf(data);
    }
    const input = {
      season: 'FW2019',
      detector: 'none',
      idempotencyKey: 'endurance',
      sources: [{ folder: join(folder, 'photos') }],
      gan: { skip: true },
    };
    const { run: started } = (await ask(START, { input })).startRun as { run: { id: string } };
    return await sampleRun(
      child.pid ?? 0,
      async () => (await ask(RUN, { id: started.id })).run as Progress,
    );
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

/** Where the instance of a data folder answers; empty while it starts. */
async function urlOf(data: string): Promise<string> {
  const file = await readFile(join(data, 'instance.json'), 'utf8').catch(() => '{"url":""}');
  return (JSON.parse(file) as { url: string }).url;
}

/** Until the run is published. */
async function sampleRun(
  pid: number,
  progress: () => Promise<Progress>,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (;;) {
    const { scraping, cropping, publishing } = await progress();
    samples.push({
      scraped: scraping.done,
      cropped: cropping?.done ?? 0,
      cpu: cpuSeconds(pid),
      rssMb: residentMb(pid),
    });
    if (publishing?.state === 'DONE') return samples;
    if (publishing?.state === 'FAILED') throw new Error('the run failed');
    await wait(SAMPLE_MS);
  }
}
