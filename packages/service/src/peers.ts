import { SERVICE_NAMES, type ServiceName } from '@deepstyle/contracts';
import { DeepStyleError, type SettingsTable, text } from '@deepstyle/platform';
import type { AddressOf } from './grpc/calls.ts';

export type PeerAddresses = { readonly [Name in ServiceName]: string | undefined };

/** Where the other services are: `CROPPER_GRPC_ADDRESS` and its like. */
export const PEER_SETTINGS = Object.fromEntries(
  SERVICE_NAMES.map((name) => [
    name,
    {
      env: addressEnv(name),
      schema: text.optional(),
      default: '',
      description: `host:port of the ${name}'s gRPC server; empty: it runs in this process`,
    },
  ]),
) as unknown as SettingsTable<PeerAddresses>;

export class PeerAddressMissingError extends DeepStyleError {
  constructor(service: ServiceName) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'PEER_ADDRESS_MISSING',
      message: `The ${service} service does not run in this process. Set ${addressEnv(service)} to its host:port.`,
    });
  }
}

/** Where to call a service: its own address, or this process's server where it runs here. */
export interface Peers {
  /** @throws PeerAddressMissingError */
  readonly addressOf: AddressOf;
  /** The services of this process answer at this address from now on. */
  listeningAt(address: string): void;
}

export function createPeers(here: readonly ServiceName[], addresses: PeerAddresses): Peers {
  let own: string | null = null;
  return {
    addressOf: (name) => {
      const address = addresses[name] ?? (here.includes(name) ? own : null);
      if (address === null) throw new PeerAddressMissingError(name);
      return address;
    },
    listeningAt: (address) => {
      own = address;
    },
  };
}

function addressEnv(service: ServiceName): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_GRPC_ADDRESS`;
}
