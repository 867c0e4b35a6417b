import type { RejectionCode } from '../errors.ts';
import type { Input, Output, TaskName } from './tasks.ts';

export interface ParserRequest<T extends TaskName = TaskName> {
  readonly task: T;
  readonly input: Input<T>;
}

export type ParserAnswer<T extends TaskName = TaskName> =
  | { readonly kind: 'done'; readonly output: Output<T> }
  | { readonly kind: 'rejected'; readonly code: RejectionCode; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };
