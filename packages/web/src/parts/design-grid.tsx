import { Link } from './link.tsx';
import { Picture, type PictureData } from './picture.tsx';

export interface DesignTile {
  readonly id: string;
  readonly image: PictureData;
}

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
