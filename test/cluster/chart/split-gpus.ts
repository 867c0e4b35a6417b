import { readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { eventually } from '@deepstyle/testkit';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Cluster, Namespace } from '../cluster.ts';
import type { Installed } from '../installed.ts';
import {
  type Budget,
  componentOf,
  condition,
  type Job,
  type Monitor,
  type ScaledObject,
  type Service,
} from '../kinds.ts';
import { CPU_NODES } from '../nodes.ts';
import { selects } from '../reachability.ts';
import { COMPONENTS, WORKERS } from '../releases.ts';
import { jobsOf } from '../settings.ts';
import { GPU, isWorker, nodesOf } from '../workers.ts';

/** Slices of GPUs under a name of their own, and what operators read. */
export function describeSplitGpus(installed: () => Installed): void {
  describe('GPUs split by MIG, and operators', () => {
    let cluster: Cluster;
    let split: Namespace;
    beforeAll(() => {
      ({ cluster, split } = installed());
    });

    test('workers take slices of the node that has them, by their own resource name', async () => {
      const workers = (await split.pods()).filter(isWorker);
      expect(nodesOf(workers)).toEqual(['mig-0', 'mig-0']);
      for (const { spec } of workers) {
        expect(spec.containers[0].resources.limits).toMatchObject({
          'nvidia.com/mig-1g.10gb': '1',
        });
        expect(spec.containers[0].resources.limits).not.toHaveProperty([GPU]);
        expect(spec.runtimeClassName).toBe('nvidia');
      }
    });

    test('with gpuNodes required, nothing else runs on any node with a GPU', async () => {
      const others = (await split.pods()).filter((pod) => !isWorker(pod));
      expect(nodesOf(others).filter((node) => !CPU_NODES.includes(node))).toEqual([]);
      expect(others.map(({ spec }) => spec.runtimeClassName)).not.toContain('nvidia');
    });

    test('KEDA scales Deployments that are there, by the consumers that the code makes', async () => {
      const scaled = await split.list<ScaledObject>('/apis/keda.sh/v1alpha1', 'scaledobjects');
      const triggers = scaled.map(({ spec }) => ({
        target: spec.scaleTargetRef.name,
        consumers: spec.triggers.map(({ metadata }) => metadata.consumer).sort(),
      }));
      expect(triggers).toEqual([
        { target: 'deepstyle-detector-worker', consumers: jobsOf('detector') },
        { target: 'deepstyle-gan-trainer-worker', consumers: jobsOf('gan-trainer') },
      ]);
      await Promise.all(WORKERS.map((name) => split.deployment(name)));
    });

    test('Prometheus reads every component once, and takes the alert rules', async () => {
      const group = '/apis/monitoring.coreos.com/v1';
      const [monitor] = await split.list<Monitor>(group, 'servicemonitors');
      const services = await split.list<Service>('/api/v1', 'services');
      const [endpoint] = monitor!.spec.endpoints;
      const read = services
        .filter(({ metadata }) => selects(monitor!.spec.selector, metadata.labels))
        .filter(({ spec }) => spec.ports.some(({ name }) => name === endpoint?.port));
      expect(read.map(componentOf).sort()).toEqual(COMPONENTS);
      const rules = readFileSync(assetPath('k8s/monitoring/alerts.yaml'), 'utf8');
      const path = `${group}/namespaces/${split.name}/prometheusrules?fieldValidation=Strict`;
      await cluster.api.create(path, rules);
    });

    test('a training Job for a queue waits until it is let go, and then ends well on a GPU', async () => {
      const path = `/apis/batch/v1/namespaces/${split.name}/jobs/deepstyle-training-1`;
      expect((await cluster.api.get<Job>(path)).spec.suspend).toBe(true);
      await cluster.api.merge(path, { spec: { suspend: false } });
      await eventually('a job that has ended', async () => {
        const { status } = await cluster.api.get<Job>(path);
        return condition(status.conditions, 'Complete')?.status === 'True' ? true : null;
      });
      const pods = (await split.pods('detector-worker')).filter(
        ({ status }) => status.phase === 'Succeeded',
      );
      expect(nodesOf(pods)).toEqual(['mig-0']);
      const env = pods[0]!.spec.containers[0].env ?? [];
      expect(env).toContainEqual({ name: 'WORKER_IDLE_EXIT_SECONDS', value: '300' });
    });

    test('the pods of a training Job do not keep its worker’s budget from being counted', async () => {
      const budgets = await split.list<Budget>('/apis/policy/v1', 'poddisruptionbudgets');
      const budget = budgets.find((each) => componentOf(each) === 'detector-worker');
      expect(budget?.status).toMatchObject({ expectedPods: 1, disruptionsAllowed: 1 });
    });
  });
}
