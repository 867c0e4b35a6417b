const PAGE = 500;

/** All rows page by page, each read when the one before is done with: nothing is held open, and no more than a page in memory. */
export async function* pagesById<Row extends { readonly id: string }>(
  read: (after: string, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after = '';
  for (;;) {
    const page = await read(after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? after;
  }
}
