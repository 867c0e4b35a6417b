import { RUNS, type Stage } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { DeadLetters } from '../parts/dead-letters.tsx';
import { Link } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';

const STAGES = ['scraping', 'detection', 'cropping', 'training', 'publishing'] as const;

/** Runs as they go. */
export function RunsView() {
  const { data, error } = useQuery(RUNS, {}, 1_500);
  const runs = data?.runs.edges.map(({ node }) => node) ?? [];
  return (
    <article>
      <h1>Runs</h1>
      <DeadLetters />
      {runs.length === 0 ? (
        <Notice error={error} loading={data === null}>
          No run yet.
        </Notice>
      ) : (
        <ul className="runs">
          {runs.map((run) => (
            <li key={run.id}>
              <h2>
                {run.season}
                {run.brand === null ? '' : ` · ${run.brand}`}
              </h2>
              <p className="quiet">
                {`Started ${new Date(run.createdAt).toLocaleString()}. ${run.photoCounts.stored} photographs, ${run.photoCounts.duplicates} duplicates, ${run.photoCounts.rejected} rejected.`}{' '}
                <Link to={`/runs/${run.id}`}>Photographs</Link>{' '}
                {run.ganModel === null ? null : (
                  <Link to={`/models/${run.ganModel.id}`}>Model</Link>
                )}{' '}
                {run.collection === null ? null : (
                  <Link to={`/collections/${run.collection.id}`}>Collection</Link>
                )}
              </p>
              {STAGES.map((name) => {
                const stage = run[name];
                return stage === null ? null : <StageBar key={name} name={name} stage={stage} />;
              })}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function StageBar(props: { readonly name: string; readonly stage: Stage }) {
  const { stage } = props;
  const finished = stage.done + stage.failed;
  const share =
    stage.state === 'DONE' ? 1 : stage.expected ? Math.min(1, finished / stage.expected) : 0;
  const count =
    stage.state === 'SKIPPED'
      ? 'skipped'
      : `${finished}${stage.expected === null ? '' : ` of ${stage.expected}`}`;
  return (
    <div className={`stage ${stage.state.toLowerCase()}`}>
      <span>{props.name}</span>
      <progress max={1} value={share} aria-label={props.name} />
      <span className="quiet">
        {count}
        {stage.failed > 0 ? `, ${stage.failed} failed` : ''}
        {stage.detail === null ? '' : ` · ${stage.detail}`}
        {stage.stalled ? ' · stalled for ten minutes' : ''}
      </span>
    </div>
  );
}
