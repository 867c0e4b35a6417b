import { parseArgs } from 'node:util';
import { DATASET_OPTIONS, type DatasetOptions, readDatasetOptions } from './dataset-options.ts';
import { UsageError } from './usage-error.ts';

export { UsageError };

export interface Options {
  /** Folder, page URL or manifest of photographs. */
  readonly photos?: string;
  readonly season?: string;
  readonly brand?: string;
  readonly detector?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly data?: string;
  /** COCO files: ground truth, and a list of detections. */
  readonly annotations?: string;
  readonly results?: string;
  /** Folder for files that a command leaves behind. */
  readonly keep?: string;
  readonly port?: number;
  /** Id of the dataset that a detector is trained on, and what it is to tell apart. */
  readonly trainOn?: string;
  readonly labels?: 'categories' | 'types' | undefined;
  readonly json: boolean;
  readonly exit: boolean;
  readonly quick: boolean;
  readonly skipGan: boolean;
  /** Of the commands that begin with `dataset`. */
  readonly dataset?: DatasetOptions;
}

const COMMANDS = [
  'demo',
  'up',
  'run',
  'dataset check',
  'dataset import-deepfashion',
  'dataset import-coco',
  'dataset export',
  'detector train',
  'detector evaluate',
  'doctor',
  'help',
] as const;
export type Command = (typeof COMMANDS)[number];

export interface CommandLine {
  readonly command: Command;
  readonly options: Options;
}

export const USAGE = `deepstyle <command>

  demo                     the whole pipeline on drawn runway scenes of three seasons, then the page
      --exit               end when it is done    --quick  fewer scenes and steps
      --seed N             draw other scenes
      --keep DIR           leave truth.json and detections.json of the evaluated scenes in DIR
  up                       six services, the gateway and the page in one process
      --port N             port of the page (default HTTP_PORT or 4000)
  run --photos SOURCE --season SEASON
                           photographs to a trend batch; SOURCE is a folder (its subfolders name the
                           categories), a page URL, or a manifest (.jsonl); SEASON is e.g. FW2019
      --detector none      each photograph shows one garment
      --brand NAME         limit the run to one brand
      --steps N            training steps of the GAN    --skip-gan  no training
  dataset check PATH       reads a DeepFashion folder, a COCO file or a folder of COCO files as an import does, and
                           tells all that is wrong with it, by file and line
      --strict             exit code 1 where anything is irregular
      --all                each irregularity on a line of its own (stderr), not the first ten of a kind
      --quick              only the headers of images
  dataset import-deepfashion PATH
  dataset import-coco PATH
                           keeps an immutable dataset; its id is the hash of its content
      --name NAME          name for people (default: that of the folder or file)
      --strict             end at the first irregularity
      --no-images          annotations only, also where the images are on the disk
  dataset export DATASET --output FILE
                           writes one COCO file of an imported dataset (its id) or, without importing it, of a PATH
      --split SPLIT        train, val or test only
                           for all of them, where PATH is a DeepFashion folder:
      --boxes inclusive    widths are right - left + 1       --set fine       the relabelled annotations
      --no-attributes      without attributes                --sizes FILE     list of image name, width, height
      --images DIR         where the images lie (also for COCO)
  detector train DATASET   trains a detector on an imported dataset (its id); new runs use it
      --labels types       tell upper, lower and full garments apart, not the categories
      --steps N            training steps    --seed N
  detector evaluate --annotations FILE --results FILE
                           average precision of detections (COCO results) against a COCO ground truth,
                           as pycocotools computes it
  doctor                   settings, stores and engine, checked

  everywhere: --data DIR (default DEEPSTYLE_DATA or .deepstyle), --json (one object at the end)
`;

/** @throws UsageError naming what is wrong */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const parsed = parse(args);
  const { words, rest } = commandOf(parsed.positionals);
  if (parsed.values.help === true || words === 'help')
    return { command: 'help', options: NO_OPTIONS };
  const command = COMMANDS.find((each) => each === words);
  if (command === undefined) throw new UsageError(`There is no command "${words}".`);
  const isDataset = command.startsWith('dataset ');
  const isTraining = command === 'detector train';
  const excess = rest.slice(isDataset || isTraining ? 1 : 0);
  if (excess.length > 0) throw new UsageError(`"${excess.join(' ')}" was not expected.`);
  const { photos, season, brand, detector, data, annotations, results, keep } = parsed.values;
  return {
    command,
    options: {
      ...(isDataset && { dataset: readDatasetOptions(command, rest[0], parsed.values) }),
      ...(isTraining && defined({ trainOn: rest[0], labels: labelsOf(parsed.values.labels) })),
      ...defined({ photos, season, brand, detector, data, annotations, results, keep }),
      ...defined({
        steps: whole('steps', parsed.values.steps),
        seed: whole('seed', parsed.values.seed),
        port: whole('port', parsed.values.port, 65_535),
      }),
      json: parsed.values.json === true,
      exit: parsed.values.exit === true,
      quick: parsed.values.quick === true,
      skipGan: parsed.values['skip-gan'] === true,
    },
  };
}

/** A command is one word or two. */
function commandOf(typed: readonly string[]): { words: string; rest: readonly string[] } {
  const two = typed.slice(0, 2).join(' ');
  const [first = 'help'] = typed;
  if (COMMANDS.some((command) => command === two)) return { words: two, rest: typed.slice(2) };
  const isHalf = COMMANDS.some((command) => command.startsWith(`${first} `));
  return isHalf ? { words: two, rest: [] } : { words: first, rest: typed.slice(1) };
}

const NO_OPTIONS: Options = { json: false, exit: false, quick: false, skipGan: false };

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        photos: { type: 'string' },
        season: { type: 'string' },
        brand: { type: 'string' },
        detector: { type: 'string' },
        steps: { type: 'string' },
        seed: { type: 'string' },
        data: { type: 'string' },
        annotations: { type: 'string' },
        results: { type: 'string' },
        keep: { type: 'string' },
        labels: { type: 'string' },
        port: { type: 'string' },
        json: { type: 'boolean' },
        exit: { type: 'boolean' },
        quick: { type: 'boolean' },
        'skip-gan': { type: 'boolean' },
        ...DATASET_OPTIONS,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(inOurWords((error as Error).message));
  }
}

function labelsOf(value: string | undefined): Options['labels'] {
  if (value === undefined || value === 'categories' || value === 'types') return value;
  throw new UsageError(`--labels must be categories or types, not "${value}".`);
}

function whole(
  name: string,
  value: string | undefined,
  maximum = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isInteger(parsed) || parsed < 0 || parsed > maximum) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? '' : ` from 0 to ${maximum}`;
    throw new UsageError(`--${name} must be a whole number${range}, not "${value}".`);
  }
  return parsed;
}

/** Node's message on an unknown option goes on about positional arguments, which no command has. */
function inOurWords(message: string): string {
  const unknown = /^Unknown option '(--?[^']+)'/.exec(message)?.[1];
  if (unknown === undefined) return message;
  return `There is no option ${unknown}.`;
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as never;
}
