import type { PictureData } from '../gen/documents.ts';

/** An image whose place and colour stand before its bytes arrive. */
export function Picture(props: {
  readonly image: PictureData;
  readonly alt: string;
  readonly crisp?: boolean;
}) {
  const { image, alt } = props;
  return (
    <img
      src={image.url}
      alt={alt}
      width={image.width}
      height={image.height}
      loading="lazy"
      className={props.crisp === true ? 'crisp' : undefined}
      style={{ backgroundColor: image.dominantColor ?? undefined }}
    />
  );
}
