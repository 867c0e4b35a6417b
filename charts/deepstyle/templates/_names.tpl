{{/* The release's name in every object: the release name, with the chart's unless it says so already. */}}
{{- define "deepstyle.fullname" -}}
{{- $name := contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Labels that select: they never change, because a Deployment's selector cannot. */}}
{{- define "deepstyle.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "deepstyle.labels" -}}
{{ include "deepstyle.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: deepstyle
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The name of the Service of a program: the components that answer for it are behind it. */}}
{{- define "deepstyle.serviceName" -}}
{{- printf "%s-%s" (include "deepstyle.fullname" .root) .program -}}
{{- end }}

{{- define "deepstyle.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "deepstyle.fullname" .) -}}
{{- end }}

{{/* The Secret that holds one of the secret settings. */}}
{{- define "deepstyle.secretName" -}}
{{- $default := .root.Values.existingSecret -}}
{{- if .root.Values.devStores.enabled -}}
{{- $default = printf "%s-dev" (include "deepstyle.fullname" .root) -}}
{{- else if eq .setting "SERVICE_TOKEN" -}}
{{- $default = printf "%s-service-token" (include "deepstyle.fullname" .root) -}}
{{- end -}}
{{- (index .root.Values.secrets .setting).name | default $default -}}
{{- end }}

{{/* Its key there, for one program. */}}
{{- define "deepstyle.secretKey" -}}
{{- $place := index .root.Values.secrets .setting -}}
{{- if and $place.perService (not .root.Values.devStores.enabled) -}}
{{- printf "%s_%s" $place.key (.program | upper | replace "-" "_") -}}
{{- else -}}
{{- $place.key -}}
{{- end -}}
{{- end }}

{{/* Not empty where the chart itself makes the Secret of SERVICE_TOKEN. */}}
{{- define "deepstyle.makesServiceToken" -}}
{{- if not (or .Values.secrets.SERVICE_TOKEN.name .Values.devStores.enabled) }}true{{ end -}}
{{- end }}

{{- define "deepstyle.s3Endpoint" -}}
{{- if .Values.devStores.enabled -}}
{{- printf "http://%s-s3:9000" (include "deepstyle.fullname" .) -}}
{{- else -}}
{{- .Values.s3.endpoint -}}
{{- end -}}
{{- end }}

{{/*
"true" for a block of addresses that may be a network of one's own: of IPv4 at most a /8; of IPv6 what lies in fc00::/7, or at
most a /16 of the global unicast addresses (RFC 4291, 2.4) without 6to4 and Teredo, which lead to every address of IPv4.
*/}}
{{- define "deepstyle.isOneNetwork" -}}
{{- $isIpv4 := regexMatch "^[0-9.]+/([89]|[1-3][0-9])$" . -}}
{{- $isLocal := regexMatch "^[fF][cCdD][0-9a-fA-F]{2}:.*/([7-9]|[1-9][0-9]+)$" . -}}
{{- $isGlobal := regexMatch "^[23][0-9a-fA-F]{3}:.*/(1[6-9]|[2-9][0-9]|1[0-9]{2})$" . -}}
{{- $isTransition := regexMatch "^(2002:|2001:(0{0,4}:|.*/(1[6-9]|2[0-9]|3[01])$))" . -}}
{{- if or $isIpv4 $isLocal (and $isGlobal (not $isTransition)) }}true{{ end -}}
{{- end }}
