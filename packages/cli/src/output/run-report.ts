import { isCanceled, type RunProgressView, type RunState, STAGES } from '../run-queries.ts';
import { ourCommand, withData } from './our-command.ts';
import { RateMeter, stageLine } from './stage-line.ts';
import { tableLines } from './table.ts';

/** How many dead letters each run waits for, by its id. */
type AwaitedLetters = ReadonlyMap<string, number>;

/** A row for each. @param data the data folder, where it was named */
export function runTable(
  runs: readonly RunState[],
  hasMore: boolean,
  letters: AwaitedLetters,
  data: string | undefined,
): string {
  if (runs.length === 0) return 'There are no runs.\n';
  const rows = runs.map((run) => {
    const awaited = isOpen(run) ? (letters.get(run.id) ?? 0) : 0;
    const stand =
      awaited === 0 ? [standOf(run)] : [standOf(run), `waits for ${lettersOf(awaited)}`];
    return [run.id, run.season, run.createdAt, stand.join(', ')];
  });
  return [
    ...tableLines([['id', 'season', 'begun', 'state'], ...rows]),
    '',
    ...(hasMore ? ['There are older ones: --last N'] : []),
    `Its stages, and what to do next: ${ourCommand('run show', data)} RUN`,
    '',
  ].join('\n');
}

/** What a run waits for that does not come by itself, and where it is seen; null: nothing. */
export function awaitedLetters(letters: number, data: string | undefined): string | null {
  if (letters === 0) return null;
  return `It waits for ${lettersOf(letters)}, so it does not go on by itself: ${ourCommand('events dead-letters list', data)}`;
}

const lettersOf = (letters: number): string =>
  letters === 1 ? '1 dead letter' : `${letters} dead letters`;

/** Whether a run is to go on by itself. */
function isOpen(run: RunProgressView): boolean {
  const state = run.publishing?.state;
  return !isCanceled(run) && (state === undefined || state === 'WAITING' || state === 'RUNNING');
}

const stagesOf = (run: RunProgressView) =>
  STAGES.flatMap((name) => {
    const stage = run[name];
    return stage === null ? [] : [{ name, stage }];
  });

/** Where a run stands, in a few words. */
export function standOf(run: RunProgressView): string {
  if (isCanceled(run)) return 'canceled';
  const stages = stagesOf(run);
  const failed = stages.find(({ stage }) => stage.state === 'FAILED');
  const state = run.publishing?.state;
  if (state === 'HELD') return 'held';
  if (state === 'DONE') {
    const published = run.incomplete === null ? 'published' : 'published as incomplete';
    return failed === undefined ? published : `${published}, ${failed.name} failed`;
  }
  if (failed !== undefined) return `${failed.name} failed`;
  if (state === 'SKIPPED') return 'nothing to publish';
  const open = stages.find(({ stage }) => stage.state === 'RUNNING');
  if (open === undefined) return 'waiting';
  const { done, expected, stalled } = open.stage;
  const count = expected === null ? `${done}` : `${done} of ${expected}`;
  return `${open.name} ${count}${stalled ? ', stalled' : ''}`;
}

interface Around {
  /** Whether an instance stays up for the run. */
  readonly isUp: boolean;
  /** Dead letters of the run. */
  readonly letters: number;
  /** The data folder, where it was named. */
  readonly data: string | undefined;
}

/** All of a run: its stages with counts and details, and what to do next. */
export function runDetails(run: RunState, around: Around): string {
  const { data } = around;
  const { photoCounts: photos, brand, garmentCount } = run;
  const meter = new RateMeter();
  return [
    `run           ${run.id}`,
    `season        ${run.season}${brand === null ? '' : `, ${brand} alone`}`,
    `begun         ${run.createdAt}`,
    `detector      ${run.detector}`,
    `state         ${standOf(run)}`,
    `photographs   ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `garments      ${garmentCount ?? 0}`,
    ...(run.incomplete === null ? [] : [`incomplete    ${run.incomplete}`]),
    '',
    ...stagesOf(run).map(({ name, stage }) => withData(stageLine(name, stage, meter, 0), data)),
    '',
    ...nextSteps(run, around),
    '',
  ].join('\n');
}

/** What the details of its stages do not tell. */
function nextSteps(run: RunState, { isUp, letters, data }: Around): readonly string[] {
  const states = stagesOf(run).map(({ stage }) => stage.state);
  const command = (words: string) => ourCommand(`run ${words} ${run.id}`, data);
  const up = ourCommand('up', data);
  if (isCanceled(run)) return [`To let it go on: ${command('resume')}`];
  if (run.publishing?.state === 'HELD')
    return [
      `To try again what was lost: ${command('retry')}`,
      `To publish it as it is: ${command('publish')} --incomplete`,
    ];
  const retry = states.includes('FAILED') ? [`To try again what failed: ${command('retry')}`] : [];
  if (run.publishing?.state === 'DONE') return [...retry, `Look at it: ${up}`];
  if (retry.length > 0) return retry;
  return [
    ...[awaitedLetters(letters, data)].filter((line) => line !== null),
    ...(isUp ? [] : [`It goes on while an instance is up: ${up}`]),
    `To stop it for good: ${command('cancel')}`,
  ];
}
