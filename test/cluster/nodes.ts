const TAINT = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };

interface NodeKind {
  readonly gpus?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tainted?: boolean;
}

function node(name: string, { gpus = {}, labels = {}, tainted = false }: NodeKind) {
  const hasGpu = Object.keys(gpus).length > 0;
  const resources = { cpu: '16', memory: '64Gi', pods: '110', ...gpus };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        ...(hasGpu ? { 'nvidia.com/gpu.present': 'true' } : {}),
        ...labels,
      },
    },
    spec: { taints: tainted ? [TAINT] : [] },
    status: { capacity: resources, allocatable: resources },
  };
}

/**
 * A cluster of every kind of GPU node: three whole GPUs on two tainted nodes, one split by MIG, and one time-sliced
 * without a taint, where nothing but a preference keeps others off.
 */
export const NODES = [
  node('cpu-0', {}),
  node('cpu-1', {}),
  node('gpu-0', { gpus: { 'nvidia.com/gpu': '2' }, tainted: true }),
  node('gpu-1', { gpus: { 'nvidia.com/gpu': '1' }, tainted: true }),
  node('mig-0', {
    gpus: { 'nvidia.com/mig-1g.10gb': '3' },
    labels: { 'nvidia.com/mig.strategy': 'mixed' },
    tainted: true,
  }),
  node('shared-0', { gpus: { 'nvidia.com/gpu.shared': '4' } }),
];

export const CPU_NODES = ['cpu-0', 'cpu-1'];
