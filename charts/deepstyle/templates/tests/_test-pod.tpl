{{/*
A pod that a `helm test` runs: the product's own image and a few lines of JavaScript (`script`), with the addresses that it
asks as `env`, and one secret setting (`secret`) where it needs that.
*/}}
{{- define "deepstyle.testPod" -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "deepstyle.fullname" .root }}-test-{{ .name }}
  labels:
    {{- include "deepstyle.labels" .root | nindent 4 }}
    app.kubernetes.io/component: test
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- toYaml .root.Values.podSecurityContext | nindent 4 }}
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  containers:
    - name: test
      image: {{ include "deepstyle.image" (dict "root" .root "component" (dict "usesGpu" false)) }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      command: [node, --input-type=module, --eval]
      args:
        - |
          {{- .script | nindent 10 }}
      # Third-party packages are found from here.
      workingDir: /app/dist
      env:
        {{- range $name, $value := .env }}
        - { name: {{ $name }}, value: {{ $value | quote }} }
        {{- end }}
        {{- with .secret }}
        {{- $place := dict "root" $.root "setting" . "program" "gateway" }}
        - name: {{ . }}
          valueFrom:
            secretKeyRef: { name: {{ include "deepstyle.secretName" $place }}, key: {{ include "deepstyle.secretKey" $place }} }
        {{- end }}
      resources:
        requests: { cpu: 50m, memory: 128Mi }
        limits: { memory: 256Mi }
      securityContext:
        {{- toYaml .root.Values.containerSecurityContext | nindent 8 }}
{{- end }}
