import { DeepStyleError, InvalidArgumentError } from '@deepstyle/platform';
import type { GraphContext } from './subgraph.ts';

export interface UserError {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

export class UnauthenticatedError extends DeepStyleError {
  constructor() {
    super({
      code: 'UNAUTHENTICATED',
      message:
        'This needs the API token: send it as "Authorization: Bearer <token>". An embedded instance keeps it in instance.json of its data folder; a cluster takes it from API_TOKEN.',
    });
  }
}

/** Throws where the request carries no valid token. */
export function requireToken(context: GraphContext): void {
  if (!context.authorised) throw new UnauthenticatedError();
}

/**
 * Runs a mutation. What the person can mend comes back as `userErrors`; what they cannot is thrown.
 */
export async function mutate<T extends object>(
  context: GraphContext,
  work: () => Promise<T>,
): Promise<(T | object) & { readonly userErrors: readonly UserError[] }> {
  requireToken(context);
  try {
    return { ...(await work()), userErrors: [] };
  } catch (thrown) {
    const error = DeepStyleError.from(thrown);
    if (error.code === 'INTERNAL' || error.retryable) throw thrown;
    const field = error instanceof InvalidArgumentError ? error.field : null;
    return { userErrors: [{ code: error.reason, field, message: error.message }] };
  }
}
