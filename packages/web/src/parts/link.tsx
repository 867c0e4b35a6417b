import type { ReactNode } from 'react';
import { follow } from '../route.ts';

export function Link(props: {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
}) {
  return (
    <a href={props.to} onClick={follow} className={props.className} aria-label={props.label}>
      {props.children}
    </a>
  );
}
