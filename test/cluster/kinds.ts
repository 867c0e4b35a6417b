import type { KubernetesObject } from '@deepstyle/testkit';

/** As much of each kind as the tests read. */
export interface EnvironmentEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentEntry[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly limits: Readonly<Record<string, string>> };
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly runtimeClassName?: string;
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [Container, ...Container[]];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Pod extends KubernetesObject {
  readonly spec: PodSpec;
  readonly status: { readonly phase: string; readonly conditions?: readonly Condition[] };
}

export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: PodSpec };
  };
  readonly status: { readonly replicas?: number; readonly readyReplicas?: number };
}

export interface Job extends KubernetesObject {
  readonly spec: { readonly suspend?: boolean };
  readonly status: { readonly conditions?: readonly Condition[] };
}

export interface Budget extends KubernetesObject {
  readonly status: {
    readonly expectedPods: number;
    readonly disruptionsAllowed: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface Autoscaler extends KubernetesObject {
  readonly spec: { readonly minReplicas: number };
  readonly status: { readonly conditions?: readonly Condition[] };
}

export interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly {
    readonly conditions: { readonly ready: boolean };
    readonly targetRef: { readonly name: string };
  }[];
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
}

export interface ScaledObject extends KubernetesObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly triggers: readonly { readonly metadata: Readonly<Record<string, string>> }[];
  };
}

export interface Service extends KubernetesObject {
  readonly spec: { readonly ports: readonly { readonly name: string }[] };
}

export interface Monitor extends KubernetesObject {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly { readonly port: string }[];
  };
}

const COMPONENT = 'app.kubernetes.io/component';

/** `gan-trainer-worker` and its like: what an object belongs to. */
export function componentOf({ metadata }: KubernetesObject): string {
  return metadata.labels?.[COMPONENT] ?? '';
}

export function condition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((each) => each.type === type);
}
