import type { Share } from '../gen/documents.ts';

const ROW = 30;
const LEFT = 150;
const PLOT = 380;
const RIGHT = 190;
const MAX_TICKS = 5;

/** Shares as bars with their 95 % intervals, and beside each what it did since the season before. */
export function ShareChart(props: { readonly shares: readonly Share[]; readonly label: string }) {
  const { shares } = props;
  const top = Math.max(0.05, ...shares.map(({ interval }) => interval.high));
  const step = niceStep(top / MAX_TICKS);
  const end = Math.ceil(top / step) * step;
  const x = (share: number): number => LEFT + (share / end) * PLOT;
  const height = shares.length * ROW + 30;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return (
    <svg
      className="chart"
      viewBox={`0 0 ${LEFT + PLOT + RIGHT} ${height}`}
      role="img"
      aria-label={props.label}
    >
      {ticks.map((tick) => (
        <g key={tick} className="tick">
          <line x1={x(tick)} x2={x(tick)} y1={0} y2={height - 24} />
          <text
            x={x(tick)}
            y={height - 8}
            textAnchor="middle"
          >{`${Math.round(tick * 100)} %`}</text>
        </g>
      ))}
      {shares.map((share, index) => (
        <ShareRow key={`${share.name}${share.hex}`} share={share} y={index * ROW} x={x} />
      ))}
    </svg>
  );
}

function ShareRow(props: {
  readonly share: Share;
  readonly y: number;
  readonly x: (share: number) => number;
}) {
  const { share, x } = props;
  const middle = props.y + ROW / 2;
  const { low, high } = share.interval;
  return (
    <g>
      <title>{`${share.name}: ${percent(share.share)} (95 % interval ${percent(low)} to ${percent(high)})`}</title>
      <text className="name" x={LEFT - 12} y={middle + 4} textAnchor="end">
        {share.name}
      </text>
      <rect
        className="bar"
        x={x(0)}
        y={props.y + 6}
        width={Math.max(1, x(share.share) - x(0))}
        height={ROW - 12}
        style={share.hex === null ? undefined : { fill: share.hex }}
      />
      <g className="interval">
        <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} />
        <line x1={x(low)} x2={x(low)} y1={middle - 4} y2={middle + 4} />
        <line x1={x(high)} x2={x(high)} y1={middle - 4} y2={middle + 4} />
      </g>
      <text className="value" x={LEFT + PLOT + 20} y={middle + 4}>
        {percent(share.share)}
      </text>
      <Change share={share} x={LEFT + PLOT + 76} y={middle + 4} />
    </g>
  );
}

function Change(props: { readonly share: Share; readonly x: number; readonly y: number }) {
  const { momentum } = props.share;
  if (momentum === null) return null;
  const points = `${momentum.change > 0 ? '+' : '−'}${Math.abs(momentum.change * 100).toFixed(1)}`;
  const mark = { RISING: '▲ rising', FALLING: '▼ falling', UNCHANGED: '' }[momentum.direction];
  return (
    <text className={`change ${momentum.direction.toLowerCase()}`} x={props.x} y={props.y}>
      {`${points} ${mark}`}
      <title>{`Change in percentage points; corrected p = ${momentum.adjustedP.toPrecision(2)}`}</title>
    </text>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** The next of 1, 2, 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? rough;
}
