import { type Metric, MODEL } from '../gen/documents.ts';
import { useQuery } from '../graph.ts';
import { LineChart } from '../parts/line-chart.tsx';
import { Notice } from '../parts/notice.tsx';
import { Picture } from '../parts/picture.tsx';

type Key = 'discriminatorLoss' | 'generatorLoss' | 'kid';

function points(metrics: readonly Metric[], key: Key): (readonly [number, number])[] {
  return metrics.flatMap((metric) => {
    const value = metric[key];
    return value === null ? [] : [[metric.step, value] as const];
  });
}

/** How a GAN was trained: losses, distance and samples of the same latents over time. */
export function ModelView(props: { readonly id: string }) {
  const { data, error } = useQuery(MODEL, { id: props.id }, 5_000);
  const model = data?.ganModel ?? null;
  if (model === null) {
    return (
      <Notice error={error} loading={data === null}>
        There is no such model.
      </Notice>
    );
  }
  return (
    <article>
      <h1>{`Model of ${model.season}`}</h1>
      <p className="lede">
        {`DCGAN with ${(model.parameters / 1e6).toFixed(2)} million parameters, ${model.steps} steps on ${model.garmentCount} garments. `}
        {model.bestKid === null || model.firstKid === null
          ? ''
          : `KID in ${model.featureSpace} fell from ${model.firstKid.toFixed(4)} to ${model.bestKid.toFixed(4)} at step ${model.bestStep}, whose weights are kept.`}
      </p>
      <section className="columns">
        <div>
          <h2>KID</h2>
          <LineChart
            label="Kernel inception distance over steps"
            series={[
              {
                name: `KID (${model.featureSpace})`,
                color: 'var(--accent)',
                points: points(model.metrics, 'kid'),
              },
            ]}
          />
        </div>
        <div>
          <h2>Losses</h2>
          <LineChart
            label="Losses over steps"
            series={[
              {
                name: 'generator',
                color: 'var(--accent)',
                points: points(model.metrics, 'generatorLoss'),
              },
              {
                name: 'discriminator',
                color: 'var(--ink-2)',
                points: points(model.metrics, 'discriminatorLoss'),
              },
            ]}
          />
        </div>
      </section>
      <section>
        <h2>The same latents over time</h2>
        <ul className="samples">
          {model.samples.map(({ step, image }) => (
            <li key={step}>
              <Picture image={image} alt={`Samples at step ${step}`} />
              <p className="quiet">{`step ${step}`}</p>
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}
