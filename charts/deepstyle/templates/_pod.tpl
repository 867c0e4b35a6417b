{{/*
The spec of a pod of a component. `job: true`: its container runs to an end, so it is not probed and not restarted in place.
*/}}
{{- define "deepstyle.podSpec" -}}
{{- $root := .root -}}
{{- $component := .component -}}
{{- $values := $root.Values -}}
{{- $spec := dict "root" $root "component" $component "name" .name -}}
serviceAccountName: {{ include "deepstyle.serviceAccountName" $root }}
automountServiceAccountToken: false
# Variables of other Services would stand among the settings.
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- if and $component.usesGpu $values.gpu.runtimeClassName }}
runtimeClassName: {{ $values.gpu.runtimeClassName }}
{{- end }}
{{- with $component.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
# Five seconds before the stop signal, then the work under way, then what closes after it.
terminationGracePeriodSeconds: {{ add $component.shutdownSeconds 35 }}
securityContext:
  {{- toYaml $values.podSecurityContext | nindent 2 }}
{{- include "deepstyle.placement" $spec }}
containers:
  - name: {{ $component.program }}
    image: {{ include "deepstyle.image" $spec }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: [--enable-source-maps, dist/{{ $component.program }}.js]
    command: [node]
    workingDir: /app
    env:
      {{- range $name, $value := include "deepstyle.settings" . | fromYaml }}
      - name: {{ $name }}
        value: {{ $value | quote }}
      {{- end }}
      {{- if and $component.threadsSetting (not (hasKey $component.env $component.threadsSetting)) }}
      # Without a limit: all of the node's cores.
      - name: {{ $component.threadsSetting }}
        valueFrom: { resourceFieldRef: { resource: limits.cpu, divisor: '1' } }
      {{- end }}
      {{- with $component.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    ports:
      - { name: http, containerPort: {{ $values.ports.http }} }
      {{- if ne $component.program "gateway" }}
      - { name: grpc, containerPort: {{ $values.ports.grpc }} }
      {{- end }}
      - { name: metrics, containerPort: {{ $values.ports.metrics }} }
    {{- if not .job }}
    {{- include "deepstyle.probes" $spec | nindent 4 }}
    lifecycle:
      # Until no balancer sends anything here any more.
      preStop: { sleep: { seconds: 5 } }
    {{- end }}
    resources:
      {{- include "deepstyle.resources" $spec | nindent 6 }}
    securityContext:
      {{- toYaml $values.containerSecurityContext | nindent 6 }}
    volumeMounts:
      - { name: tmp, mountPath: /tmp }
      - { name: secrets, mountPath: /run/secrets/deepstyle, readOnly: true }
      {{- if $component.usesGpu }}
      - { name: shared-memory, mountPath: /dev/shm }
      {{- end }}
      {{- with $component.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: {{ $component.temporaryStorage }} }
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
        {{- range $setting := include "deepstyle.secretSettings" $spec | fromYamlArray }}
        {{- $place := dict "root" $root "setting" $setting "program" $component.program }}
        - secret:
            name: {{ include "deepstyle.secretName" $place }}
            items: [{ key: {{ include "deepstyle.secretKey" $place }}, path: {{ $setting }} }]
        {{- end }}
  {{- if $component.usesGpu }}
  - name: shared-memory
    emptyDir: { medium: Memory, sizeLimit: {{ $values.gpu.sharedMemory }} }
  {{- end }}
  {{- with $component.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Where a pod may run: with a GPU where there is one, without one elsewhere; replicas apart. */}}
{{- define "deepstyle.placement" -}}
{{- $component := .component -}}
{{- $gpu := .root.Values.gpu -}}
{{- $keepOff := .root.Values.gpuNodes -}}
{{- $selector := $component.nodeSelector -}}
{{- $tolerations := $component.tolerations -}}
{{- $affinity := $component.affinity -}}
{{- if $component.usesGpu -}}
{{- $selector = mergeOverwrite (deepCopy $gpu.nodeSelector) $selector -}}
{{- $tolerations = concat $gpu.tolerations $tolerations -}}
{{- $affinity = $affinity | default $gpu.affinity -}}
{{- end -}}
{{- with $selector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $affinity }}
affinity:
  {{- toYaml $affinity | nindent 2 }}
{{- else if and (not $component.usesGpu) (eq $keepOff.keepOff "required") }}
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions: [{ key: {{ $keepOff.label }}, operator: NotIn, values: ['true'] }]
{{- else if and (not $component.usesGpu) (eq $keepOff.keepOff "preferred") }}
affinity:
  nodeAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        preference:
          matchExpressions: [{ key: {{ $keepOff.label }}, operator: NotIn, values: ['true'] }]
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "deepstyle.selector" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .name }}
{{- end }}

{{/* Started when gRPC health says so; ready while its stores answer; alive while its event loop turns. */}}
{{- define "deepstyle.probes" -}}
startupProbe:
  {{- if eq .component.program "gateway" }}
  httpGet: { path: /startupz, port: http }
  {{- else }}
  grpc: { port: {{ .root.Values.ports.grpc }} }
  {{- end }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: {{ div (add .component.startSeconds 4) 5 }}
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

{{/* An extended resource has no overcommit: what is limited is also requested. */}}
{{- define "deepstyle.resources" -}}
{{- $resources := deepCopy .component.resources -}}
{{- if .component.usesGpu -}}
{{- $gpu := dict .root.Values.gpu.resource .root.Values.gpu.count -}}
{{- $_ := set $resources "limits" (merge (dict) $gpu ($resources.limits | default dict)) -}}
{{- $_ := set $resources "requests" (merge (dict) $gpu ($resources.requests | default dict)) -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end }}
