/** What the thread that owns PGlite is asked, and answers. */
export type PgliteRequest =
  | {
      readonly id: number;
      readonly kind: 'query';
      readonly text: string;
      readonly values: readonly (string | null)[];
    }
  | { readonly id: number; readonly kind: 'script'; readonly text: string }
  | { readonly id: number; readonly kind: 'close' };

/** The fields of a failed statement; an Error loses its own fields on the way between threads. */
export interface PgliteFailure {
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type PgliteAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'cannot-open'; readonly message: string; readonly isDamage: boolean }
  | { readonly kind: 'done'; readonly id: number; readonly rows: object[] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: PgliteFailure };
