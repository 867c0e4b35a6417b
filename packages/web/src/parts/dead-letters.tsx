import { DEAD_LETTERS } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { Link } from './link.tsx';

/** What was given up, and the command that mends it. Nothing where all is well. */
export function DeadLetters() {
  const { data } = useQuery(DEAD_LETTERS, {}, 10_000);
  const letters = data?.deadLetters.edges.map(({ node }) => node) ?? [];
  if (letters.length === 0) return null;
  const hasMore = data?.deadLetters.pageInfo.hasNextPage === true;
  return (
    <aside className="dead-letters" aria-label="Messages that were given up">
      <h2>
        {`${hasMore ? `More than ${letters.length}` : letters.length} ${letters.length === 1 ? 'message was' : 'messages were'} given up`}
      </h2>
      <ul>
        {letters.map(({ id, service, work, cause, at, run }) => (
          <li key={id}>
            <span className="quiet">
              {`${service ?? ''} ${work}, ${new Date(at).toLocaleString()} `}
              {run === null ? null : <Link to={`/runs/${run}`}>Run</Link>}
            </span>
            <p>{cause}</p>
          </li>
        ))}
      </ul>
      <p className="quiet">
        Their runs may wait for them. When the cause is put right, send them again:{' '}
        <code>deepstyle events dead-letters retry --all</code>
      </p>
    </aside>
  );
}
