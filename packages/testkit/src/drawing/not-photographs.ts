/** What a folder of downloads holds under names that end in .jpg. */
export function notPhotographs(
  jpeg: Uint8Array,
): readonly { readonly really: string; readonly bytes: Uint8Array }[] {
  const text = (content: string) => new TextEncoder().encode(content);
  return [
    { really: 'web page', bytes: text('<!doctype html><title>Sign in</title><p>Please sign in.') },
    { really: 'empty file', bytes: new Uint8Array() },
    { really: 'truncated jpeg', bytes: jpeg.slice(0, Math.floor(jpeg.length * 0.4)) },
    { really: 'text', bytes: text('look 12, third row, to be photographed\n') },
  ];
}
