/**
 * Inference of the demo's detector by the engine and of the same network by PyTorch, each in a process of its own, by turns.
 * From the bytes of 192 x 256 px to detections: proposals, RoIs and suppression are part of it. First their answers are
 * compared. Ratios are of medians of wall time; `cpuRatios` of CPU time. `install-peer.sh` installs PyTorch; options:
 * --rounds N (default 9), --threads N (2), --batch N (8), --model FILE (a model's weights.safetensors; default: random ones),
 * --python PATH, --parity (no race: one training step against PyTorch, see parity.ts)
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeSafetensors } from '@deepstyle/engine';
import { encodeModel } from '../../services/detector/src/model-file.ts';
import { INFERENCE_PROPOSALS } from '../../services/detector/src/training/hyperparameters.ts';
import { type Contestant, startContestant } from '../engine/contestant.ts';
import { option, pythonOf } from '../engine/options.ts';
import { drawImages, modelOf } from './model.ts';
import { compareAnswers, compareStep } from './parity.ts';

const HERE = import.meta.dirname;
const IMAGES = 96;
/** Threads of both sides spin for a while after a pass: let them sleep before the other's turn. */
const PAUSE_MS = 200;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

interface Side {
  readonly imagesPerSecond: number;
  readonly cpuMsPerImage: number;
  readonly peakMb: number;
}

async function race(contestants: Record<string, Contestant>, rounds: number) {
  const walls: Record<string, number[]> = {};
  const cpus: Record<string, number[]> = {};
  for (let round = -2; round < rounds; round++) {
    for (const [name, contestant] of Object.entries(contestants)) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const { wall, cpu } = await contestant.step();
      if (round < 0) continue;
      walls[name] = [...(walls[name] ?? []), wall];
      cpus[name] = [...(cpus[name] ?? []), cpu];
    }
  }
  const sides: Record<string, Side> = {};
  for (const [name, contestant] of Object.entries(contestants)) {
    sides[name] = {
      imagesPerSecond: IMAGES / median(walls[name] ?? []),
      cpuMsPerImage: (1000 * median(cpus[name] ?? [])) / IMAGES,
      peakMb: Math.round(await contestant.memory()),
    };
    await contestant.stop();
  }
  return sides;
}

interface Setting {
  readonly threads: string;
  readonly batch: string;
  readonly model: string | undefined;
  readonly python: string;
  readonly folder: string;
}

function startOurs({ threads, batch, model }: Setting, from: string): Promise<Contestant> {
  const flags = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'];
  const words = [String(IMAGES), threads, batch, from, ...(model === undefined ? [] : [model])];
  return startContestant(process.execPath, [...flags, path.join(HERE, 'ours.ts'), ...words]);
}

function peerArguments({ threads, batch, folder }: Setting, form: string): string[] {
  const files = ['weights', 'images'].map((name) => path.join(folder, `${name}.safetensors`));
  const proposals = JSON.stringify(INFERENCE_PROPOSALS);
  return [path.join(HERE, 'peer/infer.py'), ...files, proposals, threads, batch, form];
}

async function writeFiles({ folder, model }: Setting): Promise<void> {
  const file = modelOf(model);
  writeFileSync(path.join(folder, 'weights.safetensors'), encodeModel(file));
  const { pixels } = await drawImages(IMAGES);
  const { height, width } = file.architecture.image;
  const data = new Float32Array(pixels.length * height * width * 3);
  for (const [i, image] of pixels.entries()) data.set(image, i * image.length);
  const images = { shape: [pixels.length, height, width, 3], dtype: 'float32', data } as const;
  writeFileSync(path.join(folder, 'images.safetensors'), encodeSafetensors({ images }));
}

export async function run(args: readonly string[] = []): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), 'detector-small-'));
  const setting: Setting = {
    threads: option(args, '--threads') ?? '2',
    batch: option(args, '--batch') ?? '8',
    model: option(args, '--model'),
    python: pythonOf(args),
    folder,
  };
  try {
    if (args.includes('--parity')) return await compareStep(setting);
    return await raceAll(setting, Number(option(args, '--rounds') ?? 9));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function raceAll(setting: Setting, rounds: number): Promise<object> {
  const hasPeer = existsSync(setting.python);
  await writeFiles(setting);
  const contestants: Record<string, Contestant> = {
    pixels: await startOurs(setting, 'pixels'),
    jpegs: await startOurs(setting, 'jpegs'),
  };
  if (hasPeer) {
    for (const form of ['default', 'channels-last']) {
      contestants[form] = await startContestant(setting.python, peerArguments(setting, form));
    }
  }
  const peer = contestants['default']?.greeting.replace('ready', 'PyTorch') ?? null;
  const sides = await race(contestants, rounds);
  const { pixels, jpegs, default: plain, 'channels-last': channelsLast } = sides;
  const ours = { pixels: pixels?.imagesPerSecond ?? 0, 'from JPEG': jpegs?.imagesPerSecond ?? 0 };
  const memory = Object.fromEntries(
    Object.entries(sides).map(([name, { peakMb }]) => [name, peakMb]),
  );
  const unit = 'images per second, median; memory in MB, peak of the process';
  if (plain === undefined || channelsLast === undefined) return { peer, ours, memory, unit };
  const best = plain.imagesPerSecond > channelsLast.imagesPerSecond ? plain : channelsLast;
  return {
    peer,
    ratios: {
      pixels: ours.pixels / best.imagesPerSecond,
      'against the default layout': ours.pixels / plain.imagesPerSecond,
    },
    cpuRatios: { pixels: best.cpuMsPerImage / (pixels?.cpuMsPerImage ?? Number.NaN) },
    memory,
    ours,
    theirs: {
      pixels: best.imagesPerSecond,
      'against the default layout': plain.imagesPerSecond,
    },
    answers: await compareAnswers(setting, IMAGES),
    unit,
  };
}
