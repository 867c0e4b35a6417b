import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Installed } from '../installed.ts';
import { componentOf, type Pod } from '../kinds.ts';
import { mayConnect, type NetworkPolicy, type Party, selects } from '../reachability.ts';
import { API_COMPONENTS, COMPONENTS, STORES } from '../releases.ts';

/** Of services of a cloud, of clusters, of this machine and of neighbours; the API of Kubernetes among them. */
const PRIVATE = [
  ...['169.254.169.254', '10.96.0.1', '10.1.2.3', '172.20.0.1', '192.168.1.1', '127.0.0.1'],
  ...['0.0.0.0', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...[
    '::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '::ffff:10.1.2.3',
    '64:ff9b::a01:203',
    '2002:a01:203::1',
  ],
];

/** Who may reach whom. */
export function describeNetworkPolicies(installed: () => Installed): void {
  describe('the network policies', () => {
    const PORTS = { http: 4000, grpc: 50_051, metrics: 9464 };
    // Who calls whom, as the services' READMEs say.
    const CALLS: Readonly<Record<string, readonly string[]>> = {
      scraper: ['detector-api'],
      'detector-api': ['dataset', 'scraper'],
      cropper: ['detector-api', 'scraper'],
      'detector-worker': ['dataset'],
      'gan-trainer-api': ['cropper', 'scraper'],
      'gan-trainer-worker': ['cropper'],
      gallery: ['cropper', 'gan-trainer-api', 'scraper'],
    };
    let policies: readonly NetworkPolicy[];
    let party: (component: string) => Party;

    beforeAll(async () => {
      const { trends } = installed();
      policies = await trends.list('/apis/networking.k8s.io/v1', 'networkpolicies');
      const pods = await trends.pods();
      party = (component) => {
        const pod = pods.find((each) => componentOf(each) === component);
        if (pod === undefined) throw new Error(`no pod of ${component}`);
        return { pod, namespaceLabels: trends.labels };
      };
    });

    test('refuse to and from every pod what none allows', async () => {
      const deny = policies.find(({ metadata }) => metadata.name.endsWith('default-deny'));
      const pods = await installed().trends.pods();
      const bound = pods.filter((pod) => selects(deny!.spec.podSelector, pod.metadata.labels));
      expect(bound).toHaveLength(pods.length);
      expect(deny!.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
      expect([deny!.spec.ingress, deny!.spec.egress]).toEqual([undefined, undefined]);
    });

    test('let each component reach exactly whom it calls', () => {
      const allowed = COMPONENTS.flatMap((from) =>
        COMPONENTS.filter((to) => to !== from).flatMap((to) =>
          Object.entries(PORTS)
            .filter(([, port]) => mayConnect(policies, party(from), party(to), port))
            .map(([port]) => `${from} -> ${to} ${port}`),
        ),
      );
      const expected = [
        ...Object.entries(CALLS).flatMap(([from, called]) =>
          called.map((to) => `${from} -> ${to} grpc`),
        ),
        ...API_COMPONENTS.filter((to) => to !== 'gateway').map((to) => `gateway -> ${to} http`),
        // Anyone may reach the gateway, but nobody else inside may leave for it.
      ];
      expect(allowed.sort()).toEqual(expected.sort());
    });

    test('let the world reach the gateway, and only Prometheus the metrics', () => {
      const world: Party = { address: '198.51.100.7' };
      const reached = COMPONENTS.filter((to) =>
        Object.values(PORTS).some((port) => mayConnect(policies, world, party(to), port)),
      );
      expect(reached).toEqual(['gateway']);
      const { pod } = party('gateway') as { pod: Pod };
      const prometheus: Party = {
        pod: { ...pod, metadata: { name: 'prometheus', namespace: 'monitoring' } },
        namespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' },
      };
      for (const component of COMPONENTS) {
        const ports = Object.values(PORTS).filter((port) =>
          mayConnect(policies, prometheus, party(component), port),
        );
        const also = component === 'gateway' ? [PORTS.http] : [];
        expect([component, ports]).toEqual([component, [...also, PORTS.metrics]]);
      }
    });

    test('let each component out to its stores and to where names are resolved, and the scraper to the public web', () => {
      const { pod } = party('gateway') as { pod: Pod };
      const inNamespace = (namespace: string, labels: Readonly<Record<string, string>>): Party => ({
        pod: { ...pod, metadata: { name: 'another', namespace, labels } },
        namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
      });
      const places: Readonly<Record<string, Party>> = {
        ...Object.fromEntries(Object.entries(STORES).map(([name, address]) => [name, { address }])),
        names: inNamespace('kube-system', { 'k8s-app': 'kube-dns' }),
        web: { address: '9.9.9.9' },
        'web (IPv6)': { address: '2620:fe::fe' },
        ...Object.fromEntries(PRIVATE.map((address) => [address, { address }])),
        'another pod beside names': inNamespace('kube-system', { 'k8s-app': 'metrics-server' }),
        'a pod of another release': inNamespace('default', pod.metadata.labels ?? {}),
      };
      const ports = [
        22, 53, 80, 443, 2379, 4000, 4222, 5432, 6443, 8222, 9000, 9464, 10_250, 50_051,
      ];
      const reached = (from: string) =>
        Object.entries(places).flatMap(([name, to]) =>
          ports
            .filter((port) => mayConnect(policies, party(from), to, port))
            .map((port) => `${name} ${port}`),
        );
      const objects = ['objects 443', 'objects 9000', 'names 53'];
      const stores = ['database 5432', 'bus 4222', ...objects];
      const web = ['web 80', 'web 443', 'web (IPv6) 80', 'web (IPv6) 443'];
      for (const component of COMPONENTS) {
        const expected = { gateway: objects, scraper: [...stores, ...web] }[component] ?? stores;
        expect([component, reached(component)]).toEqual([component, expected]);
      }
    });
  });
}
