/**
 * What kwok makes of nodes and pods, in place of kubelets: nodes are ready, pods that a scheduler has bound run at
 * once, those of a Job succeed, and deleted ones are gone. The texts are templates of kwok (Go's text/template).
 */
const READY_CONDITIONS = (types: readonly string[]) =>
  types.map((type) => ({ type, status: '"True"', lastTransitionTime: '{{ Now | Quote }}' }));

interface Selector {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

function stage(
  name: string,
  kind: 'Node' | 'Pod',
  matchExpressions: readonly Selector[],
  next: object,
) {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
  };
}

/** Lines of YAML from a flat list; kwok fills the templates in before it parses them. */
function conditions(types: readonly string[]): string {
  const rows = READY_CONDITIONS(types).map(
    ({ type, status, lastTransitionTime }) =>
      `- { type: ${type}, status: ${status}, lastTransitionTime: ${lastTransitionTime} }`,
  );
  return ['conditions:', ...rows].join('\n');
}

const IS_READY = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const NOT_READY: Selector = { key: IS_READY, operator: 'NotIn', values: ['True'] };
const NOT_DELETED: Selector = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };

const NODE_READY = `${conditions(['Ready'])}
phase: Running
allocatable: {{ YAML .status.capacity 1 }}
`;

const POD_RUNNING = `${conditions(['Initialized', 'Ready', 'ContainersReady'])}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ Now | Quote }} } }
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName false ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ Now | Quote }}
`;

const POD_SUCCEEDED = `containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }} } }
{{ end }}
phase: Succeeded
`;

const STAGES = [
  stage('node-ready', 'Node', [NOT_READY], { statusTemplate: NODE_READY }),
  stage(
    'pod-running',
    'Pod',
    [NOT_DELETED, { key: '.status.phase', operator: 'In', values: ['Pending'] }, NOT_READY],
    { statusTemplate: POD_RUNNING },
  ),
  stage(
    'pod-succeeded',
    'Pod',
    [
      NOT_DELETED,
      { key: '.status.phase', operator: 'In', values: ['Running'] },
      { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
    ],
    { statusTemplate: POD_SUCCEEDED },
  ),
  stage('pod-deleted', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], {
    delete: true,
  }),
];

/** The text of kwok's configuration file: documents of JSON, which YAML includes. */
export const KWOK_CONFIG = STAGES.map((each) => JSON.stringify(each)).join('\n---\n');
