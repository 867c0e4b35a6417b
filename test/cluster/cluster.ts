import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { processEnvironment } from '@deepstyle/platform';
import {
  type ControlPlane,
  eventually,
  type KubernetesObject,
  startControlPlane,
} from '@deepstyle/testkit';
import { createHelm, type Helm } from './helm.ts';
import { componentOf, type Deployment, type Pod } from './kinds.ts';
import { NODES } from './nodes.ts';

/** A control plane with nodes, the kinds of operators that the chart can render, and helm. */
export interface Cluster extends ControlPlane {
  readonly helm: Helm;
}

/** What of a cluster a scenario reads: objects of one namespace. */
export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  pods(component?: string): Promise<readonly Pod[]>;
  deployment(component: string): Promise<Deployment>;
  list<T extends KubernetesObject>(group: string, plural: string): Promise<readonly T[]>;
}

const SECRET_SETTINGS = ['DATABASE_URL', 'NATS_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'API_TOKEN'];

export async function startCluster(): Promise<Cluster> {
  const plane = await startControlPlane();
  try {
    await Promise.all(NODES.map((node) => plane.api.create('/api/v1/nodes', node)));
    await installDefinitions(plane);
    return { ...plane, helm: createHelm(plane.kubeconfig) };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

/** scripts/cluster/build-tools.sh keeps them, from the operators' own modules. */
async function installDefinitions({ api }: ControlPlane): Promise<void> {
  const cache = processEnvironment().DEEPSTYLE_CACHE ?? join(homedir(), '.cache/deepstyle');
  const [folder] = readdirSync(cache)
    .filter((name) => name.startsWith('definitions-'))
    .sort()
    .reverse();
  if (folder === undefined) throw new Error(`${cache} has no folder definitions-…`);
  for (const file of readdirSync(join(cache, folder))) {
    const yaml = readFileSync(join(cache, folder, file), 'utf8');
    const name = /^ {2}name: (\S+)$/m.exec(yaml)?.[1] ?? file;
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
    await api.apply(path, yaml);
    await eventually(`the definition ${name}`, async () => {
      const { status } = await api.get<
        KubernetesObject & { status?: { conditions?: { type: string; status: string }[] } }
      >(path);
      const isEstablished = status?.conditions?.some(
        ({ type, status: value }) => type === 'Established' && value === 'True',
      );
      return isEstablished === true ? true : null;
    });
  }
}

/** A namespace that enforces the Pod Security Standard `restricted`. */
export async function createNamespace({ api }: Cluster, name: string): Promise<Namespace> {
  const labels = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'latest',
  };
  await api.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  });
  await eventually(`the default account of ${name}`, () =>
    api.get(`/api/v1/namespaces/${name}/serviceaccounts/default`),
  );
  const list = <T extends KubernetesObject>(group: string, plural: string) =>
    api.list<T>(`${group}/namespaces/${name}/${plural}`);
  return {
    name,
    labels: { ...labels, 'kubernetes.io/metadata.name': name },
    list,
    pods: async (component) => {
      const pods = await list<Pod>('/api/v1', 'pods');
      return pods.filter((pod) => component === undefined || componentOf(pod) === component);
    },
    deployment: (component) =>
      api.get(`/apis/apps/v1/namespaces/${name}/deployments/deepstyle-${component}`),
  };
}

/** A Secret with these keys, or with all that the chart asks for. */
export async function createSecret(
  { api }: Cluster,
  namespace: Namespace,
  name = 'deepstyle',
  keys: readonly string[] = SECRET_SETTINGS,
): Promise<void> {
  await api.create(`/api/v1/namespaces/${namespace.name}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData: Object.fromEntries(keys.map((key) => [key, `${key} of the test`])),
  });
}
