import { useQuery } from '../graph.ts';
import { DesignGrid, type DesignTile } from '../parts/design-grid.tsx';
import { Link } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';

interface Collection {
  readonly season: string;
  readonly designCount: number;
  readonly createdAt: string;
  readonly model: { readonly id: string };
  readonly designs: { readonly edges: readonly { readonly node: DesignTile }[] };
}

const COLLECTION = `
  query Collection($id: ID!) {
    collection(id: $id) {
      season designCount createdAt
      model { id }
      designs(first: 100) { edges { node { id image { url(width: 128) width height dominantColor } } } }
    }
  }
`;

export function CollectionView(props: { readonly id: string }) {
  const { data, error } = useQuery<{ collection: Collection | null }>(COLLECTION, { id: props.id });
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
      <DesignGrid designs={collection.designs.edges.map(({ node }) => node)} />
    </article>
  );
}
