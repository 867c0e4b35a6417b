import { EngineError, EngineWorkerError, NonFiniteError, ProviderMissingError } from '../errors.ts';
import type { HostTensor } from '../host-tensor.ts';
import type { Program } from './runtime.ts';

type FlatTensors = Readonly<Record<string, HostTensor>>;

export type RequestBody =
  | { readonly kind: 'load'; readonly program: Program }
  | { readonly kind: 'run'; readonly batch: FlatTensors }
  | { readonly kind: 'readState' }
  | { readonly kind: 'writeState'; readonly state: FlatTensors }
  | { readonly kind: 'endProfile' }
  | { readonly kind: 'dispose' };

export interface WorkerRequest {
  readonly id: number;
  readonly body: RequestBody;
}

/** An error as it crosses the thread boundary. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly step?: number;
  readonly tensor?: string;
}

export interface WorkerResponse {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: WireError;
}

export function toWire(error: unknown): WireError {
  if (error instanceof NonFiniteError) {
    const { code, message, step, tensor } = error;
    return { code, message, step, tensor };
  }
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  return { code: 'ENGINE_WORKER', message: error instanceof Error ? error.message : String(error) };
}

export function fromWire(wire: WireError): EngineError {
  if (wire.code === 'NON_FINITE') return new NonFiniteError(wire.step ?? 0, wire.tensor ?? '');
  if (wire.code === 'PROVIDER_MISSING') {
    const [, device = 'cpu', rest = ''] =
      /'(\w+)' is not available here\. (.*)/s.exec(wire.message) ?? [];
    return new ProviderMissingError(device, rest);
  }
  return new EngineWorkerError(wire.message);
}
