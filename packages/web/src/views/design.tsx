import { type Credit, DESIGN } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { Link } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';
import { Picture } from '../parts/picture.tsx';

/** One design, and the real garments and photographs behind it. */
export function DesignView(props: { readonly id: string }) {
  const { data, error } = useQuery(DESIGN, { id: props.id });
  const design = data?.design ?? null;
  if (design === null) {
    return (
      <Notice error={error} loading={data === null}>
        There is no such design.
      </Notice>
    );
  }
  return (
    <article className="design">
      <figure className="large">
        <Picture image={design.image} alt="The generated design" />
        <figcaption className="quiet">
          {`Generated at ${design.image.width} × ${design.image.height} px by `}
          <Link to={`/models/${design.model.id}`}>{`the model of ${design.model.season}`}</Link>
        </figcaption>
      </figure>
      <section>
        <h1>What it resembles</h1>
        <p className="lede">
          {`The training garments nearest to it (distance in ${design.model.featureSpace}). A distance near zero would mean that it merely repeats one.`}
        </p>
        <ul className="nearest">
          {design.nearestGarments.map(({ distance, garment }, index) => (
            <li key={garment?.id ?? index}>
              {garment === null ? null : <Picture image={garment.image} alt={garment.category} />}
              <p>
                <b>{garment?.category ?? 'away'}</b> · {distance.toFixed(2)}
              </p>
              <Attribution of={garment?.photo.attribution} />
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}

function Attribution(props: { readonly of: Credit | undefined }) {
  if (props.of === undefined) return null;
  const { source, title, author, license } = props.of;
  const credit = [title ?? source.split('/').at(-1), author, license].filter(
    (part) => part != null && part !== '',
  );
  return (
    <p className="quiet" title={source}>
      {credit.join(', ')}
    </p>
  );
}
