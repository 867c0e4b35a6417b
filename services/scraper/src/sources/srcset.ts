/** A candidate of a `srcset`: an address with its width or density. */
export interface SrcsetCandidate {
  readonly url: string;
  /** Width in pixels for `w`, density for `x`; 1 where nothing is said. */
  readonly size: number;
}

/**
 * Splits a `srcset` (HTML, "parsing a srcset attribute"): an address ends at whitespace, and may itself hold commas
 * (`data:` and image services); a comma at its end, or after the descriptors, ends the candidate.
 */
export function parseSrcset(srcset: string): readonly SrcsetCandidate[] {
  const candidates: SrcsetCandidate[] = [];
  const pattern = /[\s,]*(\S+)([^,]*)/gy;
  for (let match = pattern.exec(srcset); match !== null; match = pattern.exec(srcset)) {
    const [, address = '', descriptors = ''] = match;
    const url = address.replace(/,+$/, '');
    if (url !== address) {
      // The comma ended the candidate, so what follows is the next one.
      pattern.lastIndex -= descriptors.length;
      candidates.push({ url, size: 1 });
    } else {
      candidates.push({ url, size: sizeOf(descriptors) });
    }
  }
  return candidates.filter(({ url }) => url !== '');
}

/** The largest candidate's address, or null. */
export function largestOf(srcset: string): string | null {
  let best: SrcsetCandidate | null = null;
  for (const candidate of parseSrcset(srcset)) {
    if (best === null || candidate.size > best.size) best = candidate;
  }
  return best?.url ?? null;
}

function sizeOf(descriptors: string): number {
  const found = /(?:^|\s)([\d.]+)[wx](?:\s|$)/.exec(descriptors);
  const size = Number(found?.[1] ?? '1');
  return Number.isFinite(size) ? size : 1;
}
