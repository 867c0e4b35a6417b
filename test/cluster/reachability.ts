import { BlockList, isIPv6 } from 'node:net';
import type { KubernetesObject } from '@deepstyle/testkit';
import type { Pod } from './kinds.ts';

// What NetworkPolicies allow, as the API documents it: a plugin of a network does the same with packets.

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly ports?: readonly { readonly port: number | string; readonly protocol?: string }[];
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
}

export interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** A pod with the labels of its namespace, or an address outside. */
export type Party =
  | { readonly pod: Pod; readonly namespaceLabels: Readonly<Record<string, string>> }
  | { readonly address: string };

export function selects(
  selector: Selector,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const equal = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      if (operator === 'Exists') return value !== undefined;
      return value === undefined;
    })
  );
}

/** Whether a TCP connection from one party to a port (by number) of another passes both sides' policies. */
export function mayConnect(
  policies: readonly NetworkPolicy[],
  from: Party,
  to: Party,
  port: number,
): boolean {
  return passes('Egress', from, to) && passes('Ingress', to, from);

  function passes(direction: 'Ingress' | 'Egress', subject: Party, other: Party): boolean {
    if (!('pod' in subject)) return true;
    const isSubject = ({ metadata, spec }: NetworkPolicy): boolean =>
      metadata.namespace === subject.pod.metadata.namespace &&
      spec.policyTypes.includes(direction) &&
      selects(spec.podSelector, subject.pod.metadata.labels);
    const binding = policies.filter(isSubject);
    if (binding.length === 0) return true;
    return binding.some(({ metadata, spec }) => {
      const rules = (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [];
      return rules.some((rule) => {
        const peers = (direction === 'Ingress' ? rule.from : rule.to) ?? [];
        const isPeer = peers.length === 0 || peers.some((peer) => isThis(peer, other, metadata));
        return isPeer && hasPort(rule, to, port);
      });
    });
  }
}

function hasPort({ ports }: Rule, to: Party, wanted: number): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ port, protocol = 'TCP' }) => {
    if (protocol !== 'TCP') return false;
    if (typeof port === 'number') return port === wanted;
    if (!('pod' in to)) return false;
    const named = to.pod.spec.containers.flatMap((container) => container.ports ?? []);
    return named.some(({ name, containerPort }) => name === port && containerPort === wanted);
  });
}

function isThis(peer: Peer, party: Party, policy: KubernetesObject['metadata']): boolean {
  if ('address' in party) {
    const { ipBlock } = peer;
    if (ipBlock === undefined) return false;
    return (
      within(party.address, ipBlock.cidr) &&
      !(ipBlock.except ?? []).some((block) => within(party.address, block))
    );
  }
  if (peer.ipBlock !== undefined) return false;
  const { pod, namespaceLabels } = party;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? pod.metadata.namespace === policy.namespace
      : selects(peer.namespaceSelector, namespaceLabels);
  return inNamespace && selects(peer.podSelector ?? {}, pod.metadata.labels);
}

/** Never, where one is IPv4 and the other IPv6. */
function within(address: string, block: string): boolean {
  const [network = '', bits] = block.split('/');
  const family = (text: string) => (isIPv6(text) ? 'ipv6' : 'ipv4');
  const blocks = new BlockList();
  blocks.addSubnet(network, Number(bits), family(network));
  return family(address) === family(network) && blocks.check(address, family(address));
}
