import { describeWithServer } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeFullGpus } from './chart/full-gpus.ts';
import { describeNetworkPolicies } from './chart/network-policies.ts';
import { describeRefusals } from './chart/refusals.ts';
import { describeReleaseObjects } from './chart/release-objects.ts';
import { describeSplitGpus } from './chart/split-gpus.ts';
import { type Installed, startInstalled } from './installed.ts';
import { componentOf } from './kinds.ts';
import { mayConnect, type NetworkPolicy, type Party } from './reachability.ts';
import { COMPONENTS } from './releases.ts';
import { isWorker, nodesOf } from './workers.ts';

// One control plane for all of it: starting it and installing takes most of the time.
describeWithServer(['kubernetes', 'helm'], 'the chart on a real control plane', () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await startInstalled();
  }, 400_000);
  afterAll(async () => {
    await installed.cluster.stop();
  }, 30_000);

  describeFullGpus(() => installed);
  describeReleaseObjects(() => installed);
  describeNetworkPolicies(() => installed);
  describeSplitGpus(() => installed);

  test('a time-sliced GPU under its own name, on a node without a taint, is shared', async () => {
    const { shared } = installed;
    const workers = (await shared.pods()).filter(isWorker);
    expect(nodesOf(workers)).toEqual(['shared-0', 'shared-0']);
  });

  test('with values-dev.yaml it brings its stores and asks for no GPU, all of it `restricted`', async () => {
    const { dev } = installed;
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
  });

  describeRefusals(() => installed);
});
