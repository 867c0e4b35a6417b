import { PHOTOGRAPHS } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { DetectedPhoto } from '../parts/detected-photo.tsx';
import { Link } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';

/** What a detector is too uncertain of is not shown; the cropper leaves it out as well, unless told otherwise. */
const MIN_SCORE = 0.5;

/** The first photographs of a run, with what the detector found in them. */
export function PhotographsView(props: { readonly id: string }) {
  const { data, error } = useQuery(PHOTOGRAPHS, { id: props.id }, 5_000);
  const run = data?.run ?? null;
  if (run === null) {
    return (
      <Notice error={error} loading={data === null}>
        There is no such run.
      </Notice>
    );
  }
  const photos = run.photos.edges.map(({ node }) => node);
  const detector = photos.flatMap(({ detections }) => detections ?? []).at(0)?.model.id;
  return (
    <article>
      <h1>{`Photographs of ${run.season}`}</h1>
      <p className="lede">
        {`${photos.length} of ${run.photoCounts.stored}; ${run.garmentCount ?? 0} garments were cut from all of them. `}
        {run.detector === 'none' ? 'Each shows one garment: no detector was asked.' : null}
        {detector === undefined ? null : <Link to={`/detectors/${detector}`}>The detector</Link>}
      </p>
      <ul className="photographs">
        {photos.map(({ id, image, brand, detections }) => (
          <li key={id}>
            <DetectedPhoto
              image={image}
              detections={(detections ?? []).filter(({ score }) => score >= MIN_SCORE)}
            />
            <p className="quiet">{brand}</p>
          </li>
        ))}
      </ul>
    </article>
  );
}
