import { Link } from './parts/link.tsx';
import { usePath } from './route.ts';
import { CollectionView } from './views/collection.tsx';
import { DesignView } from './views/design.tsx';
import { DetectorView } from './views/detector.tsx';
import { ModelView } from './views/model.tsx';
import { PhotographsView } from './views/photographs.tsx';
import { RunsView } from './views/runs.tsx';
import { SeasonsView } from './views/seasons.tsx';

export function App() {
  const [section, id] = usePath();
  return (
    <>
      <header>
        <Link to="/" className="brand">
          DeepStyle
        </Link>
        <nav aria-label="Sections">
          <Link to="/" className={section === undefined ? 'here' : ''}>
            Seasons
          </Link>
          <Link to="/runs" className={section === 'runs' ? 'here' : ''}>
            Runs
          </Link>
          <Link to="/detectors" className={section === 'detectors' ? 'here' : ''}>
            Detector
          </Link>
        </nav>
      </header>
      <main>{view(section, id)}</main>
    </>
  );
}

function view(section: string | undefined, id: string | undefined) {
  if (section === 'runs' && id !== undefined) return <PhotographsView id={id} />;
  if (section === 'runs') return <RunsView />;
  if (section === 'detectors') return <DetectorView {...(id === undefined ? {} : { id })} />;
  if (section === 'collections' && id !== undefined) return <CollectionView id={id} />;
  if (section === 'designs' && id !== undefined) return <DesignView id={id} />;
  if (section === 'models' && id !== undefined) return <ModelView id={id} />;
  return <SeasonsView />;
}
