const RESET_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Does a request, and does it once more where its connection ended without an answer. That happens to a sound server
 * too: it closes a connection that it kept alive, at the moment at which the client writes to it. A request that may
 * have been taken is repeated only where that does no harm; one whose connection was refused was never sent.
 *
 * @param isRepeatable whether it may be done twice, as a GET or a query may; asked only after a reset
 */
export async function onceMoreAfterReset<T>(
  isRepeatable: () => boolean,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const codes = codesOf(error);
    const wasReset = codes.some((code) => RESET_CODES.has(code));
    if (codes.includes('ECONNREFUSED') || (wasReset && isRepeatable())) return request();
    throw error;
  }
}

/** `fetch` throws a TypeError whose cause is the failure of the connection. */
function codesOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return [];
  const { code } = thrown as NodeJS.ErrnoException;
  return [...(code === undefined ? [] : [code]), ...codesOf(thrown.cause)];
}
