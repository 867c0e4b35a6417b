import type { Bus, DeadLetter } from '@deepstyle/storage';

const PAGE = 100;

/** The dead letters of all durables, oldest first, read page by page. */
export async function* allDeadLetters(bus: Pick<Bus, 'deadLetters'>): AsyncGenerator<DeadLetter> {
  let after = 0;
  for (;;) {
    const page = await bus.deadLetters({ after, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.place ?? after;
  }
}
