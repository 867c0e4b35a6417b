import { useEffect, useState } from 'react';
import type { GraphDocument } from './gen/documents.ts';

/** The graph refused or did not answer; the message is for the person. */
class GraphError extends Error {}

async function query<Answer, Variables>(
  document: GraphDocument<Answer, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
    signal,
  });
  const answer: { data?: Answer | null; errors?: { message: string }[] } = await response.json();
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
export function useQuery<Answer, Variables>(
  document: GraphDocument<Answer, Variables>,
  variables: Variables,
  everyMs = 0,
): Loaded<Answer> {
  const key = JSON.stringify(variables);
  const [state, setState] = useState<Loaded<Answer>>({ data: null, error: null });
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      try {
        const data = await query(document, JSON.parse(key), controller.signal);
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
