import type { DesignTile } from '../gen/documents.ts';
import { Link } from './link.tsx';
import { Picture } from './picture.tsx';

/** Designs side by side; each leads to what is behind it. */
export function DesignGrid(props: { readonly designs: readonly DesignTile[] }) {
  return (
    <ul className="grid">
      {props.designs.map((design, index) => (
        <li key={design.id}>
          <Link to={`/designs/${design.id}`} label={`Design ${index + 1}`}>
            <Picture image={design.image} alt="" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
