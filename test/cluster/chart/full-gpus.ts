import { eventually } from '@deepstyle/testkit';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Cluster, Namespace } from '../cluster.ts';
import type { Installed } from '../installed.ts';
import { componentOf, type Pod } from '../kinds.ts';
import { CPU_NODES } from '../nodes.ts';
import {
  API_COMPONENTS,
  COMPONENTS,
  identities,
  scale,
  serviceToken,
  upgrade,
} from '../releases.ts';
import { GPU, isWorker, nodesOf, settledWorkers, unschedulable } from '../workers.ts';

/** Where pods land and what waits, through an upgrade, rollouts and an eviction. */
export function describeFullGpus(installed: () => Installed): void {
  describe('three GPUs, all of them taken', () => {
    let cluster: Cluster;
    let trends: Namespace;
    let before: ReadonlyMap<string, string>;
    beforeAll(() => {
      ({ cluster, trends, before } = installed());
    });

    test('an upgrade from the previous version keeps every object, with its values', async () => {
      const after = await identities(trends);
      const lost = [...before].filter(([name, uid]) => after.get(name) !== uid);
      expect(before.size).toBeGreaterThan(40);
      expect(lost).toEqual([]);
      const { spec } = await trends.deployment('gallery');
      const [container] = spec.template.spec.containers;
      expect(container.env).toContainEqual({ name: 'GALLERY_DESIGNS', value: '32' });
      expect((await trends.deployment('gan-trainer-worker')).spec.replicas).toBe(2);
    });

    test('every component runs in a namespace that enforces `restricted`', async () => {
      const pods = await trends.pods();
      const running = pods.filter(({ status }) => status.phase === 'Running');
      expect([...new Set(running.map(componentOf))].sort()).toEqual(COMPONENTS);
      const careless = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'careless' },
        spec: { containers: [{ name: 'careless', image: 'careless:1' }] },
      };
      const created = cluster.api.create(`/api/v1/namespaces/${trends.name}/pods`, careless);
      await expect(created).rejects.toThrow(/violates PodSecurity "restricted/);
    });

    test('workers run on nodes with whole GPUs, each with one of its own', async () => {
      const workers = await settledWorkers(trends, 3);
      expect(nodesOf(workers)).toEqual(['gpu-0', 'gpu-0', 'gpu-1']);
      const asked = workers.map((pod) => pod.spec.containers[0].resources.limits[GPU]);
      expect(asked).toEqual(['1', '1', '1']);
    });

    test('all others run on nodes without a GPU, also where no taint keeps them off', async () => {
      const others = (await trends.pods()).filter((pod) => !isWorker(pod));
      expect(others.length).toBeGreaterThanOrEqual(API_COMPONENTS.length);
      expect(nodesOf(others).filter((node) => !CPU_NODES.includes(node))).toEqual([]);
    });

    test('no pod asks for a RuntimeClass that it was not told of', async () => {
      const classes = (await trends.pods()).map((pod) => pod.spec.runtimeClassName);
      expect(classes.filter((name) => name !== undefined)).toEqual([]);
    });

    test('one worker too many waits, for a GPU and for nothing else', async () => {
      await scale(cluster, trends, 'gan-trainer-worker', 3);
      const workers = await settledWorkers(trends, 4);
      const waiting = workers.flatMap((pod) => unschedulable(pod) ?? []);
      expect(waiting).toHaveLength(1);
      expect(waiting[0]).toContain(`Insufficient ${GPU}`);
      expect(waiting[0]).not.toMatch(/Insufficient (cpu|memory)/);
      await scale(cluster, trends, 'gan-trainer-worker', 2);
      expect(nodesOf(await settledWorkers(trends, 3))).not.toContain('none');
    }, 120_000);

    test('a rollout on the full cluster comes to its end, with the service token that was drawn before', async () => {
      const token = await serviceToken(cluster, trends);
      await upgrade(cluster, trends, { image: { tag: '2.0.0' } });
      expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
      expect(await serviceToken(cluster, trends)).toBe(token);
      const workers = await settledWorkers(trends, 3);
      const images = workers.map((pod) => pod.spec.containers[0].image);
      expect(images).toEqual(Array(3).fill('deepstyle:2.0.0-cuda'));
      expect(nodesOf(workers)).toEqual(['gpu-0', 'gpu-0', 'gpu-1']);
    }, 120_000);

    test('the same rollout with a surge would wait for ever: the strategy is what saves it', async () => {
      const path = `/apis/apps/v1/namespaces/${trends.name}/deployments/deepstyle-detector-worker`;
      const rollOut = (rollingUpdate: object, example: string | null) =>
        cluster.api.merge(path, {
          spec: {
            strategy: { rollingUpdate },
            template: { metadata: { labels: { example } } },
          },
        });
      await rollOut({ maxSurge: 1, maxUnavailable: 0 }, 'surge');
      const workers = await settledWorkers(trends, 4);
      const waiting = workers.flatMap((pod) => unschedulable(pod) ?? []);
      expect(waiting.join()).toContain(`Insufficient ${GPU}`);
      await rollOut({ maxSurge: 0, maxUnavailable: 1 }, null);
      expect(nodesOf(await settledWorkers(trends, 3))).not.toContain('none');
    }, 120_000);

    test('an eviction takes a worker, whose successor gets the GPU; a budget of 0 refuses', async () => {
      const path = `/api/v1/namespaces/${trends.name}/pods`;
      const evict = ({ metadata: { name } }: Pod) =>
        cluster.api.create(`${path}/${name}/eviction`, {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace: trends.name },
        });
      const [worker] = await trends.pods('gan-trainer-worker');
      await evict(worker!);
      const successors = await eventually('a successor', async () => {
        const pods = await settledWorkers(trends, 3);
        const isGone = pods.every(({ metadata }) => metadata.uid !== worker!.metadata.uid);
        // For a moment the scheduler still counts the GPU of the pod that left.
        return isGone && !nodesOf(pods).includes('none') ? pods : null;
      });
      expect(nodesOf(successors)).toEqual(['gpu-0', 'gpu-0', 'gpu-1']);
      const [gallery] = await trends.pods('gallery');
      await expect(evict(gallery!)).rejects.toThrow(/disruption budget/);
    }, 120_000);
  });
}
