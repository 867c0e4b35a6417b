import { type RunProgressView, type RunState, STAGES } from '../run-queries.ts';
import { ourCommand, withData } from './our-command.ts';
import { RateMeter, stageLine } from './stage-line.ts';
import { tableLines } from './table.ts';

/** A row for each. @param data the data folder, where it was named */
export function runTable(
  runs: readonly RunState[],
  hasMore: boolean,
  data: string | undefined,
): string {
  if (runs.length === 0) return 'There are no runs.\n';
  const rows = runs.map((run) => [run.id, run.season, run.createdAt, standOf(run)]);
  return [
    ...tableLines([['id', 'season', 'begun', 'state'], ...rows]),
    '',
    ...(hasMore ? ['There are older ones: --last N'] : []),
    `Its stages, and what to do next: ${ourCommand('run show', data)} RUN`,
    '',
  ].join('\n');
}

const stagesOf = (run: RunProgressView) =>
  STAGES.flatMap((name) => {
    const stage = run[name];
    return stage === null ? [] : [{ name, stage }];
  });

/** Where a run stands, in a few words. */
export function standOf(run: RunProgressView): string {
  if (run.canceledAt !== null) return 'canceled';
  const stages = stagesOf(run);
  const failed = stages.find(({ stage }) => stage.state === 'FAILED');
  const state = run.publishing?.state;
  if (state === 'HELD') return 'held';
  if (state === 'DONE')
    return failed === undefined ? 'published' : `published, ${failed.name} failed`;
  if (failed !== undefined) return `${failed.name} failed`;
  if (state === 'SKIPPED') return 'nothing to publish';
  const open = stages.find(({ stage }) => stage.state === 'RUNNING');
  if (open === undefined) return 'waiting';
  const { done, expected, stalled } = open.stage;
  const count = expected === null ? `${done}` : `${done} of ${expected}`;
  return `${open.name} ${count}${stalled ? ', stalled' : ''}`;
}

/** All of a run: its stages with counts and details, and what to do next. @param isUp whether an instance stays up for it */
export function runDetails(run: RunState, isUp: boolean, data: string | undefined): string {
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
    '',
    ...stagesOf(run).map(({ name, stage }) => withData(stageLine(name, stage, meter, 0), data)),
    '',
    ...nextSteps(run, isUp, data),
    '',
  ].join('\n');
}

/** What the details of its stages do not tell. */
function nextSteps(run: RunState, isUp: boolean, data: string | undefined): readonly string[] {
  const states = stagesOf(run).map(({ stage }) => stage.state);
  const command = (words: string) => ourCommand(`run ${words} ${run.id}`, data);
  const up = ourCommand('up', data);
  if (run.canceledAt !== null) return [`To let it go on: ${command('resume')}`];
  if (run.publishing?.state === 'HELD')
    return [
      `To try again what was lost: ${command('retry')}`,
      `To publish it as it is: ${command('publish')} --incomplete`,
    ];
  const retry = states.includes('FAILED') ? [`To try again what failed: ${command('retry')}`] : [];
  if (run.publishing?.state === 'DONE') return [...retry, `Look at it: ${up}`];
  if (retry.length > 0) return retry;
  return [
    ...(isUp ? [] : [`It goes on while an instance is up: ${up}`]),
    `To stop it for good: ${command('cancel')}`,
  ];
}
