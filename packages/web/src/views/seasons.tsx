import { useState } from 'react';
import { type Batch, SEASONS } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { DesignGrid } from '../parts/design-grid.tsx';
import { Incomplete } from '../parts/incomplete.tsx';
import { Link } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';
import { ShareChart } from '../parts/share-chart.tsx';

/** The page one lands on: a season's trend and its collection. */
export function SeasonsView() {
  const { data, error } = useQuery(SEASONS, {}, 5_000);
  const [chosen, choose] = useState<string | null>(null);
  const batches = data?.trendBatches.edges.map(({ node }) => node) ?? [];
  const batch =
    batches.find(({ id }) => id === chosen) ??
    batches.find(({ brand }) => brand === null) ??
    batches[0];
  if (batch === undefined) {
    return (
      <Notice error={error} loading={data === null}>
        No season yet. Start with{' '}
        <code>deepstyle run --photos FOLDER --season FW2019 --detector none</code>, or watch{' '}
        <Link to="/runs">the runs</Link>.
      </Notice>
    );
  }
  return (
    <>
      <div className="tabs">
        {batches.map(({ id, season, brand }) => (
          <button key={id} type="button" aria-pressed={id === batch.id} onClick={() => choose(id)}>
            {season}
            {brand === null ? '' : ` · ${brand}`}
          </button>
        ))}
      </div>
      <Season batch={batch} />
    </>
  );
}

function Season(props: { readonly batch: Batch }) {
  const { batch } = props;
  return (
    <article>
      <h1>{batch.brand === null ? batch.season : `${batch.season} · ${batch.brand}`}</h1>
      <p className="lede">
        {`${batch.garmentCount.toLocaleString('en')} garments in ${batch.photoCount.toLocaleString('en')} photographs. `}
        {batch.momentumReason === null
          ? `Compared with ${batch.previousSeason}; called only where the evidence holds after correction for all comparisons.`
          : `No momentum: ${batch.momentumReason}.`}
      </p>
      <Incomplete reason={batch.incomplete} />
      <section>
        <h2>Collection</h2>
        {batch.collection === null ? (
          <p className="quiet">No designs yet.</p>
        ) : (
          <>
            <DesignGrid designs={batch.collection.designs.edges.map(({ node }) => node)} />
            <p className="more">
              <Link
                to={`/collections/${batch.collection.id}`}
              >{`All ${batch.collection.designCount} designs and their model`}</Link>
            </p>
          </>
        )}
      </section>
      <section className="columns">
        <div>
          <h2>Categories</h2>
          <ShareChart shares={batch.categories} label={`Shares of categories in ${batch.season}`} />
        </div>
        <div>
          <h2>Colours</h2>
          <ShareChart shares={batch.palette} label={`Shares of colours in ${batch.season}`} />
        </div>
      </section>
      <p className="quiet">{`Revision ${batch.revision}, published ${new Date(batch.publishedAt).toLocaleString()}`}</p>
    </article>
  );
}
