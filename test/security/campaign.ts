import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '@deepstyle/vision';
import { drawnCoco } from './drawn-coco.ts';
import {
  type Door,
  type Draw,
  type Drawn,
  type DrawOptions,
  drawInputs,
  drawOf,
  inputOf,
  MAX_PHOTO_BYTES,
  type Place,
  type SecurityClass,
} from './input.ts';
import { drawnPicture, drawnPng, lengthened } from './pictures.ts';
import { picture, type Site, startSite } from './site.ts';
import type { SecuritySystem, Seen } from './system.ts';
import { importDataset, takeDataset } from './take-dataset.ts';
import { takeRequest } from './take-request.ts';
import { collect, MAX_SOURCES, type SourceCase, takeSources } from './take-sources.ts';

export interface CampaignOptions extends DrawOptions {
  readonly classes: readonly SecurityClass[];
  readonly say: (line: string) => void;
}

/** An honest input that was refused, or a hostile one that was not. */
export interface Wrong extends Pick<Drawn, 'kind' | 'number' | 'seed'> {
  readonly class: string;
  readonly guard: string;
  readonly seen: string;
}

export interface SecurityReport extends Seen {
  readonly tried: number;
  readonly wrong: readonly Wrong[];
}

/** A pod has 1 GiB. */
const MAX_MB = 700;

/** What shows that a guard is missing. Time is none: it depends on the machine. */
export function signsOf({ wrong, privateRequests, crashes, mb }: SecurityReport): string[] {
  return [
    ...wrong.map(({ class: name, kind, number, seen }) => `${name}, ${kind} ${number}: ${seen}`),
    ...(privateRequests > 0 ? [`${privateRequests} requests to private addresses`] : []),
    ...(crashes > 0 ? [`${crashes} processes ended by themselves`] : []),
    ...(mb > MAX_MB ? [`${mb.toFixed(0)} MB of memory`] : []),
  ];
}

type PlaceOfAll = Omit<Place, 'origin' | 'openOrigins'>;

/** Tries inputs of all classes on a system, some of a class at a time, and looks at what each did to it. */
export async function runCampaign(
  system: SecuritySystem,
  { classes, say, ...options }: CampaignOptions,
): Promise<SecurityReport> {
  const place = await prepare(system);
  system.look();
  const wrong: Wrong[] = [];
  const seen: Seen[] = [];
  let tried = 0;
  for (const batch of batchesOf(drawInputs(classes, options))) {
    const faults = await takeBatch(system, place, batch);
    const found = batch.flatMap((drawn, at) => wrongOf(drawn, faults[at] ?? null));
    const now = system.look();
    wrong.push(...found);
    seen.push(now);
    tried += batch.length;
    say(lineOf(batch, now));
    for (const one of found) say(`  WRONG ${one.class}, ${one.kind} ${one.number}: ${one.seen}`);
  }
  return { tried, wrong, ...together(seen) };
}

/** Something of each kind that requests ask for. */
async function prepare(system: SecuritySystem): Promise<PlaceOfAll> {
  const [imagePath, largeImagePath] = await storeImages(system);
  const path = join(system.folder, 'first.json');
  await writeFile(path, JSON.stringify(drawnCoco(createRandom(1))));
  const imported = await importDataset(system, path);
  const signed = typeof imported === 'string' ? undefined : imported.dataset?.annotationsUrl;
  if (signed === undefined) throw nothing(system, imported);
  const { pathname, search } = new URL(signed);
  const { token, folder, canaryPort, privateName } = system;
  return {
    ...{ token, folder, canaryPort, privateName, imagePath, largeImagePath },
    signedPath: `${pathname}${search}`,
  };
}

/** Paths of a small image and of one that is as large as it may be. */
async function storeImages(system: SecuritySystem): Promise<[small: string, large: string]> {
  const random = createRandom(1);
  const large = lengthened(await drawnPicture(random, 'jpeg'), MAX_PHOTO_BYTES);
  const site = await startSite();
  site.answers = { '/small': picture(drawnPng(random)), '/large': picture(large, 'image/jpeg') };
  const names = Object.keys(site.answers);
  const run = await collect(
    system,
    names.map((name) => ({ url: `${site.origin}${name}` })),
  );
  await site.close();
  const photos = typeof run === 'string' ? [] : run.photos;
  const [smallPath, largePath] = names.map((name) =>
    photos
      .find(({ attribution }) => attribution.source?.endsWith(name))
      ?.image.url.replace(/\?.*/, ''),
  );
  if (smallPath === undefined || largePath === undefined) throw nothing(system, run);
  return [smallPath, largePath];
}

const nothing = (system: SecuritySystem, found: unknown): Error =>
  new Error(`nothing to ask for: ${JSON.stringify(found)}\n${system.output()}`);

/** Inputs of one way in that are tried at once. */
function batchesOf(drawn: readonly Drawn[]): Drawn[][] {
  const batches: Drawn[][] = [];
  for (const one of drawn) {
    const last = batches.at(-1);
    const fits = last?.[0]?.of.door === one.of.door && last.length < MAX_SOURCES;
    if (fits) last.push(one);
    else batches.push([one]);
  }
  return batches;
}

async function takeBatch(
  system: SecuritySystem,
  place: PlaceOfAll,
  batch: readonly Drawn[],
): Promise<(string | null)[]> {
  const sites = await Promise.all(batch.map(() => startSite()));
  try {
    const cases = await Promise.all(
      batch.map(async (drawn, at): Promise<DrawnCase> => {
        const site = sites[at] as Site;
        const { origin, openOrigins } = site;
        const draw = drawOf(drawn, { ...place, origin, openOrigins });
        await mkdir(draw.folder);
        return { drawn, site, draw };
      }),
    );
    const { door } = (batch[0] as Drawn).of;
    return await TAKE[door](system, cases);
  } finally {
    await Promise.all(sites.map(({ close }) => close()));
  }
}

interface DrawnCase {
  readonly drawn: Drawn;
  readonly draw: Draw;
  readonly site: Site;
}

type Take = (system: SecuritySystem, cases: readonly DrawnCase[]) => Promise<(string | null)[]>;

const TAKE: Readonly<Record<Door, Take>> = {
  source: async (system, cases) => {
    const all = await Promise.all(
      cases.map(async ({ drawn, draw, site }): Promise<SourceCase> => {
        const input = await inputOf<'source'>(drawn, draw);
        site.answers = input.answers ?? {};
        return { input, mark: draw.mark, site };
      }),
    );
    const faults = new Map<SourceCase, string | null>();
    const alone = all.filter(({ input }) => input.isAlone === true);
    const others = all.filter(({ input }) => input.isAlone !== true);
    const parts = [others, ...alone.map((one) => [one])];
    for (const part of parts.filter(({ length }) => length > 0)) {
      const found = await takeSources(system, part);
      part.forEach((one, at) => void faults.set(one, found[at] ?? null));
    }
    return all.map((one) => faults.get(one) ?? null);
  },
  dataset: (system, cases) =>
    Promise.all(
      cases.map(async ({ drawn, draw }) =>
        takeDataset(system, await inputOf<'dataset'>(drawn, draw)),
      ),
    ),
  request: (system, cases) =>
    Promise.all(
      cases.map(async ({ drawn, draw }) =>
        takeRequest(system, await inputOf<'request'>(drawn, draw)),
      ),
    ),
};

function wrongOf({ of, kind, number, seed }: Drawn, seen: string | null): Wrong[] {
  return seen === null ? [] : [{ class: of.name, guard: of.guard, kind, number, seed, seen }];
}

function together(seen: readonly Seen[]): Seen {
  const sum = (key: keyof Seen) => seen.reduce((total, one) => total + one[key], 0);
  const most = (key: keyof Seen) => Math.max(0, ...seen.map((one) => one[key]));
  return {
    holdMs: most('holdMs'),
    holdCpuMs: most('holdCpuMs'),
    mb: most('mb'),
    privateRequests: sum('privateRequests'),
    crashes: sum('crashes'),
  };
}

/** For people. */
function lineOf(batch: readonly Drawn[], seen: Seen): string {
  const { holdMs, holdCpuMs, mb, privateRequests, crashes } = seen;
  const names = [...new Set(batch.map(({ of }) => of.name))].join(', ');
  const trouble =
    privateRequests + crashes === 0
      ? ''
      : `, ${privateRequests} private requests, ${crashes} crashes`;
  return `held ${holdMs.toFixed(0)} ms (computing ${holdCpuMs.toFixed(0)}), ${mb.toFixed(0)} MB${trouble}: ${names} (${batch.length})`;
}
