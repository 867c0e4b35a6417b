import { DeepStyleError, ERROR_TABLE, type ErrorCode } from '@deepstyle/platform';
import { Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';

const REASON = 'deepstyle-reason';

/** The gRPC status of a failure, with its stable reason in the trailing metadata. */
export function toStatus(error: DeepStyleError): StatusObject {
  const metadata = new Metadata();
  metadata.set(REASON, error.reason);
  return { code: ERROR_TABLE[error.code].grpc, details: error.message, metadata };
}

/** A failure that another service reported. */
export class RemoteError extends DeepStyleError {}

/** What a gRPC call threw, in our words; transport details (addresses) stay in the cause. */
export function fromServiceError(error: ServiceError, service: string): DeepStyleError {
  const code = codeOf(error.code);
  // A call that never left this process fails without metadata, whatever the type says.
  const { metadata } = error as Partial<ServiceError>;
  const reason = metadata?.get(REASON)[0]?.toString();
  if (reason !== undefined) {
    return new RemoteError({ code, reason, message: error.details, cause: error });
  }
  if (code === 'UNAUTHENTICATED') {
    // A matter of the installation, not of the work: it waits until the tokens agree, as during a rollout.
    return new RemoteError({
      code: 'UNAVAILABLE',
      reason: 'SERVICE_TOKEN_REFUSED',
      message: `The ${service} service refuses the SERVICE_TOKEN of this process. Give all processes the same one.`,
      cause: error,
    });
  }
  return new RemoteError({
    code,
    message: `The ${service} service did not answer (${code}).`,
    cause: error,
  });
}

function codeOf(grpc: number): ErrorCode {
  const codes = Object.keys(ERROR_TABLE) as ErrorCode[];
  return codes.find((code) => ERROR_TABLE[code].grpc === grpc) ?? 'INTERNAL';
}
