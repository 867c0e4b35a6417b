import { DeepStyleError, InvalidArgumentError } from '@deepstyle/platform';

/** Who sent a request, as far as it may start work. */
interface Sender {
  readonly authorized: boolean;
}

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
export function requireToken(context: Sender): void {
  if (!context.authorized) throw new UnauthenticatedError();
}

/** What a mutation answers: its fields are null where there are user errors. */
export type Payload<T> = { readonly [F in keyof T]: T[F] | null } & {
  readonly userErrors: readonly UserError[];
};

/**
 * Runs a mutation. What the person can mend comes back as `userErrors`; what they cannot is thrown.
 */
export async function mutate<T extends object>(
  context: Sender,
  work: () => Promise<T>,
): Promise<Payload<T>> {
  requireToken(context);
  try {
    return { ...(await work()), userErrors: [] };
  } catch (thrown) {
    const error = DeepStyleError.from(thrown);
    if (error.code === 'INTERNAL' || error.retryable) throw thrown;
    const field = error instanceof InvalidArgumentError ? error.field : null;
    const userErrors = [{ code: error.reason, field, message: error.message }];
    // GraphQL answers null for a field that is not there.
    return { userErrors } as Partial<T> & { userErrors: UserError[] } as Payload<T>;
  }
}
