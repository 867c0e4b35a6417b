import { SERVICE_NAMES } from '@deepstyle/service';
import { eventually, type KubernetesObject } from '@deepstyle/testkit';
import { type Cluster, createSecret, type Namespace } from './cluster.ts';
import { CHART, PREVIOUS_CHART } from './helm.ts';

export const WORKERS = ['detector-worker', 'gan-trainer-worker'];
/** Each service under its own name, or its api where it has workers beside it. */
export const API_COMPONENTS = [
  ...SERVICE_NAMES.map((name) => (WORKERS.includes(`${name}-worker`) ? `${name}-api` : name)),
  'gateway',
].sort();
export const COMPONENTS = [...API_COMPONENTS, ...WORKERS].sort();
export const GOLDEN = `${CHART}/golden`;

/** Where the stores of FULL are. */
export const STORES = { database: '10.9.8.7', bus: '10.9.8.8', objects: '10.9.8.9' };

// One detector and two GAN workers take all three GPUs.
export const FULL = {
  s3: { endpoint: 'https://s3.example.org' },
  networkPolicy: {
    database: { to: [{ ipBlock: { cidr: `${STORES.database}/32` } }] },
    bus: { to: [{ ipBlock: { cidr: `${STORES.bus}/32` } }] },
    objects: { to: [{ ipBlock: { cidr: `${STORES.objects}/32` } }] },
  },
  components: {
    'gan-trainer-worker': { replicas: 2 },
    gallery: { env: { GALLERY_DESIGNS: 32 }, maxUnavailable: 0 },
  },
};

const DATASETS_SIZE = {
  accessModes: ['ReadOnlyMany'],
  storageClassName: '',
};
const DATASETS = {
  volume: {
    metadata: { name: 'datasets' },
    spec: {
      ...DATASETS_SIZE,
      capacity: { storage: '1Gi' },
      hostPath: { path: '/datasets' },
    },
  },
  claim: {
    metadata: { name: 'datasets' },
    spec: {
      ...DATASETS_SIZE,
      volumeName: 'datasets',
      resources: { requests: { storage: '1Gi' } },
    },
  },
};
export const WAIT = ['--wait', '--timeout', '300s'];

export function install(
  cluster: Cluster,
  namespace: Namespace,
  file: string,
  flags: readonly string[] = [],
) {
  const release = ['install', 'deepstyle', CHART, '--namespace', namespace.name];
  return cluster.helm.run([...release, '--values', file, ...flags]);
}

export function installPrevious(cluster: Cluster, namespace: Namespace) {
  const release = ['install', 'deepstyle', PREVIOUS_CHART, '--namespace', namespace.name];
  return cluster.helm.run([...release, ...WAIT], FULL);
}

/** What golden/mig.values.yaml takes for given. Its Job waits for a queue, so helm cannot wait for all. */
export async function installSplit(cluster: Cluster, namespace: Namespace): Promise<void> {
  await createSecret(cluster, namespace, 'trends-app', ['uri']);
  const objects: [string, object][] = [
    ['/apis/node.k8s.io/v1/runtimeclasses', { handler: 'nvidia', metadata: { name: 'nvidia' } }],
    ['/apis/scheduling.k8s.io/v1/priorityclasses', { value: 1000, metadata: { name: 'batch' } }],
    [`/api/v1/namespaces/${namespace.name}/serviceaccounts`, { metadata: { name: 'trends' } }],
    ['/api/v1/persistentvolumes', DATASETS.volume],
    [`/api/v1/namespaces/${namespace.name}/persistentvolumeclaims`, DATASETS.claim],
  ];
  for (const [path, object] of objects) await cluster.api.create(path, object);
  await install(cluster, namespace, `${GOLDEN}/mig.values.yaml`);
  await eventually('every component ready', async () => {
    const all = await Promise.all(COMPONENTS.map((name) => namespace.deployment(name)));
    const isReady = all.every(({ spec, status }) => status.readyReplicas === spec.replicas);
    return isReady ? true : null;
  });
}

export function upgrade(cluster: Cluster, namespace: Namespace, values: object) {
  const release = ['upgrade', 'deepstyle', CHART, '--namespace', namespace.name];
  return cluster.helm.run([...release, '--reset-then-reuse-values', ...WAIT], values);
}

export function scale(
  cluster: Cluster,
  namespace: Namespace,
  component: string,
  replicas: number,
): Promise<void> {
  const deployments = `/apis/apps/v1/namespaces/${namespace.name}/deployments`;
  return cluster.api.merge(`${deployments}/deepstyle-${component}/scale`, { spec: { replicas } });
}

/** The token that the chart drew for the calls between services. */
export async function serviceToken({ api }: Cluster, namespace: Namespace): Promise<string> {
  const path = `/api/v1/namespaces/${namespace.name}/secrets/deepstyle-service-token`;
  const { data } = await api.get<{ data: { SERVICE_TOKEN: string } }>(path);
  return Buffer.from(data.SERVICE_TOKEN, 'base64').toString();
}

/** Name -> uid of all that a release keeps between versions. */
export async function identities(namespace: Namespace): Promise<ReadonlyMap<string, string>> {
  const kinds: [string, string][] = [
    ['/api/v1', 'services'],
    ['/api/v1', 'serviceaccounts'],
    ['/api/v1', 'secrets'],
    ['/apis/apps/v1', 'deployments'],
    ['/apis/policy/v1', 'poddisruptionbudgets'],
    ['/apis/networking.k8s.io/v1', 'networkpolicies'],
    ['/apis/autoscaling/v2', 'horizontalpodautoscalers'],
  ];
  const lists = await Promise.all(
    kinds.map(async ([group, plural]) => {
      const objects = await namespace.list<KubernetesObject>(group, plural);
      return (
        objects
          // Helm's own record of each revision comes and goes.
          .filter(({ metadata }) => !metadata.name.startsWith('sh.helm.release'))
          .map(({ metadata }) => [`${plural}/${metadata.name}`, metadata.uid ?? ''] as const)
      );
    }),
  );
  return new Map(lists.flat());
}
