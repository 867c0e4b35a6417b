import { ACTIVE_DETECTOR, type Detector, ONE_DETECTOR, type Precision } from '../gen/documents.ts';
import { type Loaded, useQuery } from '../graph.ts';
import { LineChart } from '../parts/line-chart.tsx';
import { Notice } from '../parts/notice.tsx';

const LOSSES = {
  classification: 'var(--accent)',
  box: 'var(--ink)',
  objectness: 'var(--up)',
  rpnBox: 'var(--ink-2)',
} as const;

type Loss = keyof typeof LOSSES;

/** A detector: how well it does on what it has not seen, and how it was trained. Without an id the one that new runs use. */
export function DetectorView(props: { readonly id?: string }) {
  return props.id === undefined ? <ActiveDetectorView /> : <OneDetectorView id={props.id} />;
}

function ActiveDetectorView() {
  return <LoadedDetector {...useQuery(ACTIVE_DETECTOR, {}, 5_000)} />;
}

function OneDetectorView(props: { readonly id: string }) {
  return <LoadedDetector {...useQuery(ONE_DETECTOR, { id: props.id }, 5_000)} />;
}

function LoadedDetector({ data, error }: Loaded<{ readonly detector: Detector | null }>) {
  const detector = data?.detector ?? null;
  if (detector === null) {
    return (
      <Notice error={error} loading={data === null}>
        No detector is trained yet.
      </Notice>
    );
  }
  return (
    <article>
      <h1>Detector</h1>
      <p className="lede">
        {`Faster R-CNN with ${((detector.parameters ?? 0) / 1e6).toFixed(2)} million parameters for ${detector.categories.length} categories, trained ${Math.round(detector.trainSeconds ?? 0)} seconds in ${detector.steps ?? 0} steps. `}
        {verdict(detector.evaluation)}
      </p>
      <section className="columns">
        <div>
          <h2>Precision by category</h2>
          <PrecisionTable rows={detector.evaluation?.categories ?? []} />
        </div>
        <div>
          <h2>Losses</h2>
          <LineChart
            label="Losses over steps"
            series={(Object.keys(LOSSES) as Loss[]).map((name) => ({
              ...{ name, color: LOSSES[name] },
              points: detector.losses.map((row) => [row.step, row[name]] as const),
            }))}
          />
        </div>
      </section>
    </article>
  );
}

function verdict(evaluation: Detector['evaluation']): string {
  if (evaluation === null) return 'It was not evaluated: its dataset has no photographs for that.';
  const { images, ap, ap50, ap50ByType } = evaluation;
  return `On ${images} photographs that it had not seen, its AP at IoU 0.5 is ${percent(ap50)} by category and ${percent(ap50ByType)} by type; COCO's AP is ${percent(ap)}.`;
}

function PrecisionTable(props: { readonly rows: readonly Precision[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Category</th>
          <th scope="col">AP50</th>
          <th scope="col">AP</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map(({ name, ap, ap50 }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{percent(ap50)}</td>
            <td>{percent(ap)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}
