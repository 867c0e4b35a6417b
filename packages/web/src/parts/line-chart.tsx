export interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 460;
const HEIGHT = 180;
const PAD = { left: 52, right: 12, top: 10, bottom: 28 };

/** Lines over training steps. */
export function LineChart(props: { readonly series: readonly Series[]; readonly label: string }) {
  const all = props.series.flatMap(({ points }) => points);
  if (all.length < 2) return <p className="quiet">Too few points for a plot.</p>;
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y);
  const [x0, x1] = [Math.min(...xs), Math.max(...xs, Math.min(...xs) + 1)];
  const [y0, y1] = [Math.min(0, ...ys), Math.max(...ys)];
  const x = (value: number): number =>
    PAD.left + ((value - x0) / (x1 - x0)) * (WIDTH - PAD.left - PAD.right);
  const y = (value: number): number =>
    HEIGHT - PAD.bottom - ((value - y0) / (y1 - y0 || 1)) * (HEIGHT - PAD.top - PAD.bottom);
  return (
    <figure className="plot">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={props.label}>
        {[y0, (y0 + y1) / 2, y1].map((tick) => (
          <g key={tick} className="tick">
            <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(tick)} y2={y(tick)} />
            <text x={PAD.left - 6} y={y(tick) + 4} textAnchor="end">
              {tick.toPrecision(2)}
            </text>
          </g>
        ))}
        {[x0, x1].map((tick) => (
          <text
            key={tick}
            className="axis"
            x={x(tick)}
            y={HEIGHT - 8}
            textAnchor={tick === x0 ? 'start' : 'end'}
          >
            {`step ${tick}`}
          </text>
        ))}
        {props.series.map(({ name, color, points }) => (
          <polyline
            key={name}
            fill="none"
            stroke={color}
            strokeWidth={1.5}
            points={points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ')}
          />
        ))}
      </svg>
      <figcaption>
        {props.series.map(({ name, color }) => (
          <span key={name}>
            <i style={{ backgroundColor: color }} /> {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
