{{/*
Every enabled component, with the defaults under what it says itself, its name, its program, and `usesGpu`; as YAML.
*/}}
{{- define "deepstyle.components" -}}
{{- $enabled := dict -}}
{{- range $name, $own := .Values.components -}}
{{- $component := mergeOverwrite (deepCopy $.Values.default) (deepCopy ($own | default dict)) -}}
{{- if $component.enabled -}}
{{- $_ := set $component "program" ($component.program | default $name) -}}
{{- $_ := set $component "usesGpu" (and $component.gpu $.Values.gpu.enabled) -}}
{{- $_ := set $component "isScaled" (or $component.autoscaling.enabled $component.keda.enabled) -}}
{{- $_ := set $enabled $name $component -}}
{{- end -}}
{{- end -}}
{{- toYaml $enabled -}}
{{- end }}

{{/* CROPPER_GRPC_ADDRESS and its like. */}}
{{- define "deepstyle.variable" -}}
{{- printf "%s_%s" (.program | upper | replace "-" "_") .suffix -}}
{{- end }}

{{- define "deepstyle.image" -}}
{{- $image := .root.Values.image -}}
{{- $tag := $image.tag | default .root.Chart.AppVersion -}}
{{- if .component.usesGpu -}}
{{- $gpu := .root.Values.gpu.image -}}
{{- printf "%s:%s" ($gpu.repository | default $image.repository) ($gpu.tag | default (printf "%s-cuda" $tag)) -}}
{{- else -}}
{{- printf "%s:%s" $image.repository $tag -}}
{{- end -}}
{{- end }}

{{/* The secret settings that a component reads, as a YAML list: each from a file, so that none stands in a pod's spec. */}}
{{- define "deepstyle.secretSettings" -}}
{{- $component := .component -}}
- SERVICE_TOKEN
{{- /* Subgraphs check it for changes, the gateway only where reading needs it too. */}}
{{- if ternary (eq .root.Values.readAccess "token") (has "graph" $component.answers) (eq $component.program "gateway") }}
- API_TOKEN
{{- end }}
{{- if has "database" $component.stores }}
- DATABASE_URL
{{- end }}
{{- if has "bus" $component.stores }}
- NATS_URL
{{- end }}
{{- if has "objects" $component.stores }}
- S3_ACCESS_KEY
- S3_SECRET_KEY
{{- end }}
{{- end }}

{{/* The environment of a component as a YAML map; its own `env` goes first. */}}
{{- define "deepstyle.settings" -}}
{{- $root := .root -}}
{{- $component := .component -}}
{{- $values := $root.Values -}}
{{- $env := dict
  "DEEPSTYLE_DATA" "/tmp/deepstyle"
  "DEEPSTYLE_ROLE" $component.role
  "HTTP_HOST" $values.listenHost
  "HTTP_PORT" $values.ports.http
  "GRPC_HOST" $values.listenHost
  "GRPC_PORT" $values.ports.grpc
  "METRICS_PORT" $values.ports.metrics
  "LOG_LEVEL" $values.logLevel
  "SHUTDOWN_GRACE_MS" (mul $component.shutdownSeconds 1000)
-}}
{{- if has "objects" $component.stores -}}
{{- $_ := set $env "S3_ENDPOINT" (include "deepstyle.s3Endpoint" $root) -}}
{{- $_ := set $env "S3_REGION" $values.s3.region -}}
{{- $_ := set $env "S3_BUCKET" $values.s3.bucket -}}
{{- end -}}
{{- if and $values.events.maxMb (has "bus" $component.stores) }}{{ $_ := set $env "EVENTS_MAX_MB" (int64 $values.events.maxMb) }}{{ end -}}
{{- if eq $values.serviceCalls "open" }}{{ $_ := set $env "SERVICE_CALLS" "open" }}{{ end -}}
{{- if and (eq $component.program "gateway") (eq $values.readAccess "token") }}{{ $_ := set $env "READ_ACCESS" "token" }}{{ end -}}
{{- with $values.publicUrl }}{{ $_ := set $env "PUBLIC_URL" . }}{{ end -}}
{{- with $values.telemetry.otlpEndpoint }}{{ $_ := set $env "OTEL_EXPORTER_OTLP_ENDPOINT" . }}{{ end -}}
{{- if and $component.usesGpu $component.deviceSetting }}{{ $_ := set $env $component.deviceSetting "cuda" }}{{ end -}}
{{- range $setting := include "deepstyle.secretSettings" (dict "root" $root "component" $component) | fromYamlArray -}}
{{- $_ := set $env (printf "%s_FILE" $setting) (printf "/run/secrets/deepstyle/%s" $setting) -}}
{{- end -}}
{{- range $called := $component.calls -}}
{{- $address := printf "%s-grpc:%v" (include "deepstyle.serviceName" (dict "root" $root "program" $called)) $values.ports.grpc -}}
{{- $_ := set $env (include "deepstyle.variable" (dict "program" $called "suffix" "GRPC_ADDRESS")) $address -}}
{{- end -}}
{{- if eq $component.program "gateway" -}}
{{- range $name, $other := .components -}}
{{- if and (has "graph" $other.answers) (ne $other.program "gateway") -}}
{{- $url := printf "http://%s:%v/graphql" (include "deepstyle.serviceName" (dict "root" $root "program" $other.program)) $values.ports.http -}}
{{- $_ := set $env (include "deepstyle.variable" (dict "program" $other.program "suffix" "GRAPH_URL")) $url -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := $component.env }}{{ $_ := set $env $name $value }}{{ end -}}
{{- range $name, $value := $env }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}
