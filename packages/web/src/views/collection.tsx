import { COLLECTION } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { DesignGrid } from '../parts/design-grid.tsx';
import { Incomplete } from '../parts/incomplete.tsx';
import { Link } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';

export function CollectionView(props: { readonly id: string }) {
  const { data, error } = useQuery(COLLECTION, { id: props.id });
  const collection = data?.collection ?? null;
  if (collection === null) {
    return (
      <Notice error={error} loading={data === null}>
        There is no such collection.
      </Notice>
    );
  }
  return (
    <article>
      <h1>{`Collection ${collection.season}`}</h1>
      <p className="lede">
        {`${collection.designCount} designs, created ${new Date(collection.createdAt).toLocaleString()}, by `}
        <Link to={`/models/${collection.model.id}`}>this model</Link>. Choose one to see the
        garments it is nearest to.
      </p>
      <Incomplete reason={collection.incomplete} />
      <DesignGrid designs={collection.designs.edges.map(({ node }) => node)} />
    </article>
  );
}
