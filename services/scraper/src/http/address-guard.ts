import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';
import { RejectedSourceError } from '../errors.ts';

/** Says which addresses may be connected to. Everything not plainly public is refused unless it is named. */
export interface AddressGuard {
  /** `host` as in the URL (without brackets), `address` what it resolved to. */
  permits(host: string, address: string): boolean;
}

export function createAddressGuard(allowedHosts: readonly string[]): AddressGuard {
  const allowed = new Set(allowedHosts.map((host) => bare(host.toLowerCase())));
  return {
    permits: (host, address) =>
      allowed.has(bare(host.toLowerCase())) || allowed.has(address) || isPublic(address),
  };
}

// All that IANA has given out of IPv6 (registry "IPv6 Global Unicast Address Assignments"). The rest of the space is
// reserved, old notations of IPv4 addresses among it (`::7f00:1`).
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for what neither of IANA's special-purpose registries nor the IPv6 address space sets apart: no loopback, private,
 * link-local, carrier, documentation, translation, multicast or reserved range, also where an IPv6 address stands for
 * such an IPv4 address.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

export class PrivateAddressError extends RejectedSourceError {
  constructor(host: string) {
    super(
      'PRIVATE_ADDRESS',
      `${host} is a private address or leads to one. Name it in SCRAPER_ALLOWED_HOSTS if photographs may be collected from it.`,
    );
  }
}

/** Resolves names like `dns.lookup` and fails where any address of the name is not permitted. */
function guardedLookup(guard: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (first === undefined) {
        callback(new Error(`${hostname} has no address`), '');
      } else if (!allPermitted(guard, hostname, addresses)) {
        callback(new PrivateAddressError(hostname), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function allPermitted(
  guard: AddressGuard,
  host: string,
  addresses: readonly LookupAddress[],
): boolean {
  return addresses.every(({ address }) => guard.permits(host, address));
}

/**
 * A connection pool that connects only where the guard permits: names are checked where they are resolved, so that what
 * was checked is what is connected to; addresses in the URL, which are never resolved, before the connection.
 */
export function guardedAgent(guard: AddressGuard, connectTimeoutMs: number): Agent {
  // The type lacks the options of net.connect that the connector passes on.
  const options = { timeout: connectTimeoutMs, lookup: guardedLookup(guard) };
  const connect = buildConnector(options as buildConnector.BuildOptions);
  return new Agent({
    connect: (target, callback) => {
      const host = bare(target.hostname);
      if (isIP(host) !== 0 && !guard.permits(host, host)) {
        callback(new PrivateAddressError(host), null);
      } else {
        connect(target, callback);
      }
    },
  });
}

/** A host without the brackets that an IPv6 address has in a URL. */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
