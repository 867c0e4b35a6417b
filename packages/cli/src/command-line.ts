import { parseArgs } from 'node:util';

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
  readonly json: boolean;
  readonly exit: boolean;
  readonly quick: boolean;
  readonly skipGan: boolean;
}

export type Command = 'demo' | 'up' | 'run' | 'detector evaluate' | 'doctor' | 'help';

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
  detector evaluate --annotations FILE --results FILE
                           average precision of detections (COCO results) against a COCO ground truth,
                           as pycocotools computes it
  doctor                   settings, stores and engine, checked

  everywhere: --data DIR (default DEEPSTYLE_DATA or .deepstyle), --json (one object at the end)
`;

/** What was typed is no command. */
export class UsageError extends Error {}

const COMMANDS: readonly string[] = ['demo', 'up', 'run', 'detector evaluate', 'doctor', 'help'];

/** @throws UsageError naming what is wrong */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const parsed = parse(args);
  const { command, rest } = commandOf(parsed.positionals);
  if (parsed.values.help === true || command === 'help')
    return { command: 'help', options: NO_OPTIONS };
  if (!COMMANDS.includes(command)) throw new UsageError(`There is no command "${command}".`);
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" was not expected.`);
  const { photos, season, brand, detector, data, annotations, results, keep } = parsed.values;
  return {
    command: command as Command,
    options: {
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
function commandOf(words: readonly string[]): { command: string; rest: readonly string[] } {
  const two = words.slice(0, 2).join(' ');
  if (COMMANDS.includes(two)) return { command: two, rest: words.slice(2) };
  const [first = 'help'] = words;
  const isHalf = COMMANDS.some((command) => command.startsWith(`${first} `));
  return isHalf ? { command: two, rest: [] } : { command: first, rest: words.slice(1) };
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
        port: { type: 'string' },
        json: { type: 'boolean' },
        exit: { type: 'boolean' },
        quick: { type: 'boolean' },
        'skip-gan': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(inOurWords((error as Error).message));
  }
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
