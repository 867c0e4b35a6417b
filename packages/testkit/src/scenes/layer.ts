/** A part of a drawing, twice: as it looks, and what of the garments it shows or hides. */
export interface Layer {
  /** SVG elements. */
  readonly look: string;
  /** SVG elements in flat colours without smoothing: a garment in its own colour, everything else that hides in black. */
  readonly mask: string;
  /** `<defs>` that `look` refers to. */
  readonly definitions: string;
}

/** Hides nothing: behind the garments, or light. */
export function backLayer(look: string, definitions = ''): Layer {
  return { look, mask: '', definitions };
}

export function stack(layers: readonly Layer[]): Layer {
  return {
    look: layers.map(({ look }) => look).join(''),
    mask: layers.map(({ mask }) => mask).join(''),
    definitions: layers.map(({ definitions }) => definitions).join(''),
  };
}

/** An element with a fill, opaque: it hides what lies behind. */
export function solid(element: string, fill: string): Layer {
  return {
    look: element.replace('/>', ` fill="${fill}"/>`),
    mask: element.replace('/>', ' fill="#000"/>'),
    definitions: '',
  };
}

/** A stroke of some width, opaque. */
export function stroked(d: string, color: string, width: number): Layer {
  const draw = (paint: string) =>
    `<path d="${d}" fill="none" stroke="${paint}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round"/>`;
  return { look: draw(color), mask: draw('#000'), definitions: '' };
}

export function transformed(layer: Layer, transform: string): Layer {
  const wrap = (content: string) =>
    content === '' ? '' : `<g transform="${transform}">${content}</g>`;
  return { ...layer, look: wrap(layer.look), mask: wrap(layer.mask) };
}

/** A number as SVG text: two digits, so that drawings print the same everywhere. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
