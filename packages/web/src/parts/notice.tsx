import type { ReactNode } from 'react';

/** What is shown in place of data that is not there (yet). */
export function Notice(props: {
  readonly error: string | null;
  readonly loading: boolean;
  readonly children: ReactNode;
}) {
  if (props.error !== null) return <p className="notice error">{props.error}</p>;
  if (props.loading) return <p className="notice">Loading…</p>;
  return <p className="notice">{props.children}</p>;
}
