import { eventually } from '@deepstyle/testkit';
import type { Namespace } from './cluster.ts';
import { componentOf, condition, type Pod } from './kinds.ts';
import { WORKERS } from './releases.ts';

export const GPU = 'nvidia.com/gpu';

export const isWorker = (pod: Pod): boolean => WORKERS.includes(componentOf(pod));
export const nodesOf = (pods: readonly Pod[]) =>
  pods.map((pod) => pod.spec.nodeName ?? 'none').sort();
/** What the scheduler says of a pod that it has no place for. */
export const unschedulable = ({ status }: Pod) => {
  const scheduled = condition(status.conditions, 'PodScheduled');
  return scheduled?.reason === 'Unschedulable' ? (scheduled.message ?? '') : null;
};

/** Pods of workers once nothing of an older rollout is left. */
export function settledWorkers(namespace: Namespace, count: number): Promise<readonly Pod[]> {
  return eventually(`${count} workers`, async () => {
    const pods = (await namespace.pods()).filter(isWorker);
    const isSettled = pods.every((pod) => pod.spec.nodeName !== undefined || unschedulable(pod));
    return pods.length === count && isSettled ? pods : null;
  });
}
