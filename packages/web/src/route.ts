import { type MouseEvent, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The parts of the path: `/designs/design_ab` is `['designs', 'design_ab']`. */
export function usePath(): readonly string[] {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  return path.split('/').filter((part) => part !== '');
}

/** Follows a link without loading the page anew; clicks that open tabs are left to the browser. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  window.history.pushState(null, '', event.currentTarget.href);
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}
