import { eventually } from '@deepstyle/testkit';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Cluster, Namespace } from '../cluster.ts';
import type { Installed } from '../installed.ts';
import {
  type Autoscaler,
  type Budget,
  componentOf,
  condition,
  type EndpointSlice,
} from '../kinds.ts';
import { COMPONENTS, WORKERS } from '../releases.ts';
import { problemsWithSettings } from '../settings.ts';

/** What stands beside the pods, and what the pods are told. */
export function describeReleaseObjects(installed: () => Installed): void {
  describe('the objects of a release', () => {
    let cluster: Cluster;
    let trends: Namespace;
    beforeAll(() => {
      ({ cluster, trends } = installed());
    });

    test('each component has a budget that counts exactly its pods', async () => {
      await eventually('budgets that are counted', async () => {
        const budgets = await trends.list<Budget>('/apis/policy/v1', 'poddisruptionbudgets');
        const pods = await trends.pods();
        const counted = budgets.map((each) => [componentOf(each), each.status.expectedPods]);
        const real = COMPONENTS.map((name) => [
          name,
          pods.filter((pod) => componentOf(pod) === name).length,
        ]);
        return JSON.stringify(counted.sort()) === JSON.stringify(real.sort()) ? true : null;
      });
    });

    test('the autoscaler finds the gateway and brings it to its least size', async () => {
      const [autoscaler] = await trends.list<Autoscaler>(
        '/apis/autoscaling/v2',
        'horizontalpodautoscalers',
      );
      const found = condition(autoscaler!.status.conditions, 'AbleToScale');
      expect(found?.status).toBe('True');
      await eventually('two gateways', async () => {
        const { status } = await trends.deployment('gateway');
        return status.readyReplicas === autoscaler!.spec.minReplicas ? true : null;
      });
    });

    test('Services lead to the pods that answer, and never to a worker', async () => {
      const slices = await trends.list<EndpointSlice>(
        '/apis/discovery.k8s.io/v1',
        'endpointslices',
      );
      const pods = await trends.pods();
      const behind = (service: string) =>
        slices
          .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
          .flatMap(({ endpoints = [] }) => endpoints)
          .map(({ targetRef }) => pods.find(({ metadata }) => metadata.name === targetRef.name))
          .map((pod) => (pod === undefined ? 'gone' : componentOf(pod)));
      expect(behind('deepstyle-gan-trainer-grpc')).toEqual(['gan-trainer-api']);
      expect(behind('deepstyle-detector')).toEqual(['detector-api']);
      expect(behind('deepstyle-cropper-grpc')).toEqual(['cropper']);
      expect(behind('deepstyle-detector-worker')).toEqual(['detector-worker']);
    });

    test('every variable in a pod is a setting that its program knows and takes', async () => {
      const problems = await Promise.all(
        COMPONENTS.map(async (name) => problemsWithSettings(await trends.deployment(name))),
      );
      expect(problems.flat()).toEqual([]);
    });

    test('each pod is given the secrets that its program uses, and no other', async () => {
      const objects = ['S3_ACCESS_KEY', 'S3_SECRET_KEY', 'SERVICE_TOKEN'];
      const worker = ['DATABASE_URL', 'NATS_URL', ...objects];
      for (const name of COMPONENTS) {
        const { spec } = await trends.deployment(name);
        const given = (spec.template.spec.containers[0].env ?? []).flatMap(({ name: variable }) =>
          variable.endsWith('_FILE') ? [variable.replace(/_FILE$/, '')] : [],
        );
        const expected = WORKERS.includes(name) ? worker : ['API_TOKEN', ...worker];
        expect([name, given]).toEqual([name, name === 'gateway' ? objects : expected]);
      }
    });

    test('a stop leaves time for the work under way, with some to spare', async () => {
      const { spec } = await trends.deployment('gan-trainer-worker');
      const { terminationGracePeriodSeconds, containers } = spec.template.spec;
      const grace = containers[0].env?.find(({ name }) => name === 'SHUTDOWN_GRACE_MS')?.value;
      expect(Number(grace)).toBe(90_000);
      expect(terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(Number(grace) + 30_000);
    });

    test('pods are nobody to the Kubernetes API', async () => {
      const user = `system:serviceaccount:${trends.name}:deepstyle`;
      const ask = async (verb: string, resource: string) => {
        const review = await cluster.api.create<{ status: { allowed: boolean } }>(
          '/apis/authorization.k8s.io/v1/subjectaccessreviews',
          {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            spec: { user, resourceAttributes: { namespace: trends.name, verb, resource } },
          },
        );
        return review.status.allowed;
      };
      expect([await ask('get', 'secrets'), await ask('list', 'pods')]).toEqual([false, false]);
    });
  });
}
