import {
  type EngineError,
  EngineWorkerError,
  NonFiniteError,
  ProviderMissingError,
} from '../errors.ts';
import type { HostTensor } from '../host-tensor.ts';
import type { Program } from './load-program.ts';

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

/** An error as it crosses the thread boundary: what its class is made from. */
type WireError =
  | { readonly code: 'NON_FINITE'; readonly step: number; readonly tensor: string }
  | { readonly code: 'PROVIDER_MISSING'; readonly device: string; readonly install: string }
  | { readonly code: 'OTHER'; readonly message: string };

export interface WorkerResponse {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: WireError;
}

export function toWire(error: unknown): WireError {
  if (error instanceof NonFiniteError) {
    return { code: 'NON_FINITE', step: error.step, tensor: error.tensor };
  }
  if (error instanceof ProviderMissingError) {
    return { code: 'PROVIDER_MISSING', device: error.device, install: error.install };
  }
  return { code: 'OTHER', message: error instanceof Error ? error.message : String(error) };
}

export function fromWire(wire: WireError): EngineError {
  if (wire.code === 'NON_FINITE') return new NonFiniteError(wire.step, wire.tensor);
  if (wire.code === 'PROVIDER_MISSING') return new ProviderMissingError(wire.device, wire.install);
  return new EngineWorkerError(wire.message);
}
