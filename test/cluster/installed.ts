import {
  type Cluster,
  createNamespace,
  createSecret,
  type Namespace,
  startCluster,
} from './cluster.ts';
import { CHART } from './helm.ts';
import {
  GOLDEN,
  identities,
  install,
  installPrevious,
  installSplit,
  upgrade,
  WAIT,
} from './releases.ts';

/** One control plane, and releases of the chart in namespaces of it. */
export interface Installed {
  readonly cluster: Cluster;
  /** Three GPUs, all of them taken; upgraded from the previous version. */
  readonly trends: Namespace;
  /** What stood there before the upgrade: name -> uid. */
  readonly before: ReadonlyMap<string, string>;
  /** GPUs split by MIG, and what operators read. */
  readonly split: Namespace;
  /** A time-sliced GPU. */
  readonly shared: Namespace;
  /** values-dev.yaml. */
  readonly dev: Namespace;
}

const NAMESPACES = ['trends', 'split', 'shared', 'dev'];

/** Starts a control plane and installs all releases; whoever calls it stops the cluster. */
export async function startInstalled(): Promise<Installed> {
  const cluster = await startCluster();
  try {
    const [trends, split, shared, dev] = (await Promise.all(
      NAMESPACES.map((name) => createNamespace(cluster, name)),
    )) as [Namespace, Namespace, Namespace, Namespace];
    await Promise.all([trends, split, shared].map((each) => createSecret(cluster, each)));
    // Each mostly waits, so they wait together.
    const [before] = await Promise.all([
      installAndUpgrade(cluster, trends),
      installSplit(cluster, split),
      install(cluster, shared, `${GOLDEN}/shared-gpu.values.yaml`, WAIT),
      install(cluster, dev, `${CHART}/values-dev.yaml`, WAIT),
    ]);
    return { cluster, trends, before, split, shared, dev };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function installAndUpgrade(cluster: Cluster, namespace: Namespace) {
  await installPrevious(cluster, namespace);
  const before = await identities(namespace);
  await upgrade(cluster, namespace, {});
  return before;
}
