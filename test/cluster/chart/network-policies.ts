import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Installed } from '../installed.ts';
import { componentOf, type Pod } from '../kinds.ts';
import { mayConnect, type NetworkPolicy, type Party, selects } from '../reachability.ts';
import { API_COMPONENTS, COMPONENTS } from '../releases.ts';

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
      'gan-trainer-api': ['cropper'],
      'gan-trainer-worker': ['cropper'],
      gallery: ['cropper', 'gan-trainer-api'],
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

    test('let the scraper alone out, and never to a private address', () => {
      const addresses = {
        web: '198.51.100.7',
        metadata: '169.254.169.254',
        intranet: '10.1.2.3',
      };
      const reached = COMPONENTS.flatMap((from) =>
        Object.entries(addresses)
          .filter(([, address]) => mayConnect(policies, party(from), { address }, 80))
          .map(([name]) => `${from} -> ${name}`),
      );
      expect(reached).toEqual(['scraper -> web']);
    });

    test('let all but the gateway reach the database and the bus', () => {
      const stores: Party = { address: '10.9.8.7' };
      const without = COMPONENTS.filter(
        (from) => ![5432, 4222].every((port) => mayConnect(policies, party(from), stores, port)),
      );
      expect(without).toEqual(['gateway']);
    });
  });
}
