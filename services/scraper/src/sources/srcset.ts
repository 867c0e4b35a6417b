/** A candidate of a `srcset`: an address with its width or density. */
export interface SrcsetCandidate {
  readonly url: string;
  /** Width in pixels for `w`, density for `x`; 1 where nothing is said. */
  readonly size: number;
}

const COMMA = 0x2c;

/**
 * Splits a `srcset` (HTML, "parsing a srcset attribute"): an address ends at whitespace, and may itself hold commas
 * (`data:` and image services); a comma at its end, or after the descriptors, ends the candidate. No character is
 * looked at more than a few times.
 */
export function* parseSrcset(srcset: string): Generator<SrcsetCandidate> {
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(srcset)?.[0] ?? '';
    at += found.length;
    return found;
  };
  for (;;) {
    take(/[\s,]*/y);
    const address = take(/\S+/y);
    if (address === '') return;
    const url = withoutCommasAtEnd(address);
    // A comma at its end ended the candidate, so what follows is the next one.
    yield { url, size: url === address ? sizeOf(take(/[^,]*/y)) : 1 };
  }
}

/** The largest candidate's address, or null. */
export function largestOf(srcset: string): string | null {
  let best: SrcsetCandidate | null = null;
  for (const candidate of parseSrcset(srcset)) {
    if (best === null || candidate.size > best.size) best = candidate;
  }
  return best?.url ?? null;
}

function withoutCommasAtEnd(address: string): string {
  let end = address.length;
  while (end > 0 && address.charCodeAt(end - 1) === COMMA) end -= 1;
  return address.slice(0, end);
}

function sizeOf(descriptors: string): number {
  const found = /(?:^|\s)([\d.]+)[wx](?:\s|$)/.exec(descriptors);
  const size = Number(found?.[1] ?? '1');
  return Number.isFinite(size) ? size : 1;
}
