import { join } from 'node:path';
import { createRandom, type Random, seedOf } from '@deepstyle/vision';
import type { Answer } from './site.ts';

/** As many as a photograph may have in a campaign. */
export const MAX_PHOTO_BYTES = 4_000_000;
/** A file that may be read: its size says 0, and it never ends. Linux has it. */
export const ENDLESS_FILE = '/proc/self/pagemap';

/** Where an input is met. */
export interface Place {
  /** Of a site of its own, whose host the scraper may reach although it is private. */
  readonly origin: string;
  /** Opens further origins of this site, with the same answers. */
  readonly openOrigins: (count: number) => Promise<readonly string[]>;
  /** A port of this machine that nobody may be made to ask. */
  readonly canaryPort: number;
  /** A name of this machine that the scraper may not reach. */
  readonly privateName: string;
  /** A folder of its own, below those that may be read. */
  readonly folder: string;
  /** A signed URL of the gateway, its path and query. */
  readonly signedPath: string;
  /** The path of a stored image on the gateway, without a query. */
  readonly imagePath: string;
  /** The same of one that has as many bytes as it may have. */
  readonly largeImagePath: string;
  readonly token: string;
}

/** What an input is drawn from. */
export interface Draw extends Place {
  readonly random: Random;
  /** From 0 in its class; the first is the largest of its kind. */
  readonly number: number;
  /** Stands in every address and name of the input, so that what becomes of it is found. */
  readonly mark: string;
}

/** What is taken of sources: how many photographs, and the codes of what is rejected, each of them at least once. */
export interface Taken {
  readonly photos: number;
  readonly codes: readonly string[];
}

/** A place to collect from, with what its site answers by path. */
export interface SourceInput {
  readonly source:
    | { readonly url: string }
    | { readonly manifest: string }
    | { readonly folder: string };
  readonly answers?: Readonly<Record<string, Answer>>;
  /** Several where each is right. */
  readonly expected: readonly Taken[];
  /** Requests that it may cost, robots.txt among them. */
  readonly maxVisits: number;
  readonly minVisits?: number;
  /** Whether it has a run of its own: it is large, or refused before there is one. */
  readonly isAlone?: true;
}

/** A folder or file to import. */
export interface DatasetInput {
  readonly path: string;
  /** `DONE`, `FAILED`, or the code of a refusal. */
  readonly state: string;
  /** Codes of irregularities. */
  readonly codes: readonly string[];
  readonly images?: number;
  /** Stands in the reason of `FAILED`. */
  readonly reason?: string;
}

/** A request to the gateway. */
export interface RequestInput {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How often it is sent, all at once. Left out: once. */
  readonly atOnce?: number;
  readonly statuses: readonly number[];
  /** Of each answer. Left out: it may be of any length. */
  readonly maxAnswerBytes?: number;
  /** Code of the error that a graph answers; null: none. Left out: no graph. */
  readonly code?: string | null | undefined;
}

interface Inputs {
  readonly source: SourceInput;
  readonly dataset: DatasetInput;
  readonly request: RequestInput;
}

/** A way in. */
export type Door = keyof Inputs;

export interface ClassOf<D extends Door> {
  readonly door: D;
  readonly name: string;
  /** What keeps it off, by the file that does. */
  readonly guard: string;
  readonly hostile: (draw: Draw) => Inputs[D] | Promise<Inputs[D]>;
  /** Like the hostile one, as honest people send it. */
  readonly honest: (draw: Draw) => Inputs[D] | Promise<Inputs[D]>;
}

/** A kind of input. */
export type SecurityClass = { readonly [D in Door]: ClassOf<D> }[Door];

/** One of many inputs. */
export interface Drawn {
  readonly of: SecurityClass;
  readonly kind: 'hostile' | 'honest';
  readonly number: number;
  readonly seed: number;
}

/** Those whose name or guard holds the text. */
export function chosen(classes: readonly SecurityClass[], only: string): readonly SecurityClass[] {
  return classes.filter(({ name, guard }) => `${name} ${guard}`.includes(only));
}

export interface DrawOptions {
  readonly seed: number;
  /** Inputs in all; one more where it is odd, as each has its twin. */
  readonly count: number;
  /** Number of the first of each class. */
  readonly from: number;
}

/** Inputs of all classes, as many of each or one pair less: a hostile one and its honest twin by turns. */
export function drawInputs(
  classes: readonly SecurityClass[],
  { seed, count, from }: DrawOptions,
): Drawn[] {
  const pairs = Math.ceil(count / 2);
  return classes.flatMap((of, place) => {
    const size = Math.floor(pairs / classes.length) + (place < pairs % classes.length ? 1 : 0);
    return Array.from({ length: size }, (_, pair) => from + pair).flatMap((number): Drawn[] => [
      { of, kind: 'hostile', number, seed },
      { of, kind: 'honest', number, seed },
    ]);
  });
}

function markOf({ of, kind, number }: Drawn): string {
  // A letter at the end: else the mark of 1 stands in that of 10.
  return `${of.name.replaceAll(/\W+/g, '-')}-${kind}-${number}x`;
}

/** @param place its folder holds those of all inputs */
export function drawOf(drawn: Drawn, place: Place): Draw {
  const { of, kind, number, seed } = drawn;
  const random = createRandom(seedOf('security', seed, of.name, kind, number));
  const mark = markOf(drawn);
  return { ...place, folder: join(place.folder, mark), random, number, mark };
}

/** The input itself, of a class of this way in. */
export function inputOf<D extends Door>(
  { of, kind }: Drawn,
  draw: Draw,
): Inputs[D] | Promise<Inputs[D]> {
  return (of as unknown as ClassOf<D>)[kind](draw);
}

/** From `min` to `max`, both included. */
export function integer(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Text that a database takes and a terminal shows. */
export const letters = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
