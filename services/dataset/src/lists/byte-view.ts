/** A view of the same bytes, for words of 4 of them that may begin anywhere. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
