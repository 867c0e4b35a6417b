import type { Detection, PictureData } from '../gen/documents.ts';

/** A photograph with the boxes of the garments that a detector found in it. */
export function DetectedPhoto(props: {
  readonly image: PictureData;
  readonly detections: readonly Detection[];
}) {
  const { image, detections } = props;
  const { width, height } = image;
  // Lines and letters in proportion to the photograph, whatever its size.
  const unit = width / 192;
  const names = detections.map(({ category }) => category).join(', ');
  return (
    <svg
      className="detected"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={names === '' ? 'A photograph without a garment' : `A photograph with ${names}`}
      style={{ backgroundColor: image.dominantColor ?? undefined }}
    >
      <image href={image.url} width={width} height={height} />
      {detections.map(({ box, category, score }) => {
        const [left = 0, top = 0, right = 0, bottom = 0] = box;
        return (
          <g key={box.join()}>
            <title>{`${category}, ${Math.round(score * 100)} %`}</title>
            <rect
              x={left}
              y={top}
              width={right - left}
              height={bottom - top}
              strokeWidth={1.4 * unit}
            />
            <text x={left + 3 * unit} y={top + 10 * unit} fontSize={9 * unit}>
              {category}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
