import { readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { describeWithServer, eventually } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Cluster,
  createNamespace,
  createSecret,
  type Namespace,
  startCluster,
} from './cluster.ts';
import { CHART } from './helm.ts';
import {
  type Autoscaler,
  type Budget,
  componentOf,
  condition,
  type EndpointSlice,
  type Job,
  type Monitor,
  type Pod,
  type ScaledObject,
  type Service,
} from './kinds.ts';
import { CPU_NODES } from './nodes.ts';
import { mayConnect, type NetworkPolicy, type Party, selects } from './reachability.ts';
import {
  API_COMPONENTS,
  COMPONENTS,
  FULL,
  GOLDEN,
  identities,
  install,
  installPrevious,
  installSplit,
  scale,
  upgrade,
  WAIT,
  WORKERS,
} from './releases.ts';
import { jobsOf, problemsWithSettings } from './settings.ts';

const GPU = 'nvidia.com/gpu';

let cluster: Cluster;

const isWorker = (pod: Pod): boolean => WORKERS.includes(componentOf(pod));
const nodesOf = (pods: readonly Pod[]) => pods.map((pod) => pod.spec.nodeName ?? 'none').sort();
const unschedulable = ({ status }: Pod) => {
  const scheduled = condition(status.conditions, 'PodScheduled');
  return scheduled?.reason === 'Unschedulable' ? (scheduled.message ?? '') : null;
};

/** Pods of workers once nothing of an older rollout is left. */
function settledWorkers(namespace: Namespace, count: number): Promise<readonly Pod[]> {
  return eventually(`${count} workers`, async () => {
    const pods = (await namespace.pods()).filter(isWorker);
    const isSettled = pods.every((pod) => pod.spec.nodeName !== undefined || unschedulable(pod));
    return pods.length === count && isSettled ? pods : null;
  });
}

describeWithServer(['kubernetes', 'helm'], 'the chart on a real control plane', () => {
  let trends: Namespace;
  let split: Namespace;
  let shared: Namespace;
  let dev: Namespace;
  let before: ReadonlyMap<string, string>;

  beforeAll(async () => {
    cluster = await startCluster();
    [trends, split, shared, dev] = (await Promise.all(
      ['trends', 'split', 'shared', 'dev'].map((name) => createNamespace(cluster, name)),
    )) as [Namespace, Namespace, Namespace, Namespace];
    await Promise.all([trends, split, shared].map((each) => createSecret(cluster, each)));
    // Each mostly waits, so they wait together.
    await Promise.all([
      installPrevious(cluster, trends).then(async () => {
        before = await identities(trends);
        await upgrade(cluster, trends, {});
      }),
      installSplit(cluster, split),
      install(cluster, shared, `${GOLDEN}/shared-gpu.values.yaml`, WAIT),
      install(cluster, dev, `${CHART}/values-dev.yaml`, WAIT),
    ]);
  }, 400_000);
  afterAll(async () => {
    await cluster.stop();
  }, 30_000);

  describe('three GPUs, all of them taken', () => {
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

    test('a rollout on the full cluster comes to its end', async () => {
      await upgrade(cluster, trends, { image: { tag: '2.0.0' } });
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
        return pods.some(({ metadata }) => metadata.uid === worker!.metadata.uid) ? null : pods;
      });
      expect(nodesOf(successors)).toEqual(['gpu-0', 'gpu-0', 'gpu-1']);
      const [gallery] = await trends.pods('gallery');
      await expect(evict(gallery!)).rejects.toThrow(/disruption budget/);
    }, 120_000);

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

    describe('its network policies', () => {
      const PORTS = { http: 4000, grpc: 50_051, metrics: 9464 };
      // Who calls whom, as the services' READMEs say.
      const CALLS: Readonly<Record<string, readonly string[]>> = {
        scraper: ['detector-api'],
        'detector-api': ['dataset'],
        'detector-worker': ['dataset'],
        'gan-trainer-api': ['cropper'],
        'gan-trainer-worker': ['cropper'],
        gallery: ['cropper', 'gan-trainer-api'],
      };
      let policies: readonly NetworkPolicy[];
      let party: (component: string) => Party;

      beforeAll(async () => {
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
        const pods = await trends.pods();
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
  });

  describe('GPUs split by MIG, and operators', () => {
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

  test('a time-sliced GPU under its own name, on a node without a taint, is shared', async () => {
    const workers = (await shared.pods()).filter(isWorker);
    expect(nodesOf(workers)).toEqual(['shared-0', 'shared-0']);
  }, 180_000);

  test('with values-dev.yaml it brings its stores and asks for no GPU, all of it `restricted`', async () => {
    const pods = await dev.pods();
    const stores = ['nats', 'postgres', 's3'];
    expect([...new Set(pods.map(componentOf))].sort()).toEqual([...COMPONENTS, ...stores].sort());
    const gpus = pods.flatMap(({ spec }) => Object.keys(spec.containers[0].resources.limits));
    expect(gpus.filter((name) => name.startsWith('nvidia.com/'))).toEqual([]);
    const policies = await dev.list<NetworkPolicy>('/apis/networking.k8s.io/v1', 'networkpolicies');
    const find = (name: string): Party => ({
      pod: pods.find((pod) => componentOf(pod) === name)!,
      namespaceLabels: dev.labels,
    });
    const reached = COMPONENTS.filter((from) =>
      mayConnect(policies, find(from), find('postgres'), 5432),
    );
    expect(reached).toEqual(COMPONENTS.filter((name) => name !== 'gateway'));
  }, 180_000);

  describe('what cannot work is refused at install, by name', () => {
    let empty: Namespace;
    const attempt = (values: object): Promise<string> =>
      cluster.helm.run(['install', 'deepstyle', CHART, '--namespace', empty.name], values);

    beforeAll(async () => {
      empty = await createNamespace(cluster, 'empty');
      await createSecret(cluster, empty, 'half', ['DATABASE_URL', 'NATS_URL', 'API_TOKEN']);
    });

    test.each([
      [{ gpu: { count: 0.5 } }, /gpu\/count/],
      [{ componentz: {} }, /componentz/],
      [{ components: { 'gan-trainer-worker': { replikas: 2 } } }, /replikas/],
      [{ s3: { endpoint: 's3.example.org/bucket' } }, /s3\/endpoint/],
      [{ default: { resources: { limits: { memory: 'lots' } } } }, /limits\/memory.*lots/],
    ])('values that do not fit the schema: %j', async (values, named) => {
      await expect(attempt({ s3: FULL.s3, ...values })).rejects.toThrow(named);
    });

    test('no S3 server', async () => {
      await expect(attempt({})).rejects.toThrow(/s3\.endpoint is empty\. Set it/);
    });

    test('a Secret that is not there', async () => {
      await expect(attempt({ s3: FULL.s3 })).rejects.toThrow(
        /no Secret deepstyle in the namespace empty.*kubectl/s,
      );
    });

    test('a Secret without one of the keys', async () => {
      await expect(attempt({ s3: FULL.s3, existingSecret: 'half' })).rejects.toThrow(
        /half has no key S3_ACCESS_KEY/,
      );
    });

    test('two that scale one component', async () => {
      const both = {
        keda: { natsMonitoring: 'nats:8222' },
        components: { gateway: { keda: { enabled: true, jobs: ['x'] } } },
      };
      await createSecret(cluster, empty);
      await expect(attempt({ s3: FULL.s3, ...both })).rejects.toThrow(/both keda and autoscaling/);
    });

    test('and leaves nothing behind', async () => {
      expect(await empty.pods()).toEqual([]);
      expect(await empty.list('/apis/apps/v1', 'deployments')).toEqual([]);
    });
  });
});
