import { useEffect, useState } from 'react';

/** The graph refused or did not answer; the message is for the person. */
class GraphError extends Error {}

async function query<T>(document: string, variables: object, signal: AbortSignal): Promise<T> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
    signal,
  });
  const answer: { data?: T | null; errors?: { message: string }[] } = await response.json();
  // Partial data is shown: a part of the graph that is away must not blank the page.
  if (answer.data === null || answer.data === undefined) {
    throw new GraphError(answer.errors?.[0]?.message ?? `The server answered ${response.status}.`);
  }
  return answer.data;
}

export interface Loaded<T> {
  readonly data: T | null;
  readonly error: string | null;
}

/** Data of a query, read again every `everyMs` where that is given. */
export function useQuery<T>(document: string, variables: object = {}, everyMs = 0): Loaded<T> {
  const key = JSON.stringify(variables);
  const [state, setState] = useState<Loaded<T>>({ data: null, error: null });
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      try {
        const data = await query<T>(document, JSON.parse(key), controller.signal);
        setState({ data, error: null });
      } catch (error) {
        if (controller.signal.aborted) return;
        setState((before) => ({ ...before, error: (error as Error).message }));
      }
      if (everyMs > 0 && !controller.signal.aborted) timer = setTimeout(load, everyMs);
    };
    void load();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [document, key, everyMs]);
  return state;
}
