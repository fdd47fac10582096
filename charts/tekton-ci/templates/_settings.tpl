{{/* The namespaces that runs are made in, as a JSON list. */}}
{{- define "tekton-ci.namespaces" -}}
{{- $namespaces := list ((.Values.settings).namespace | default "ci" | toString) -}}
{{- range (.Values.settings).repositories -}}
{{- with .namespace }}{{ $namespaces = append $namespaces (toString .) }}{{ end -}}
{{- end -}}
{{- $namespaces | uniq | sortAlpha | toJson -}}
{{- end -}}

{{/* The text of the settings file. */}}
{{- define "tekton-ci.settings" -}}
{{- $settings := deepCopy (.Values.settings | default dict) -}}
{{- include "tekton-ci.writeOff" $settings -}}
{{- toYaml $settings -}}
{{- end -}}

{{/*
Helm reads `off` as false. Puts the word back in place, everywhere but at the keys that are true or false.
*/}}
{{- define "tekton-ci.writeOff" -}}
{{- range $key, $value := . -}}
{{- if kindIs "map" $value -}}
{{- include "tekton-ci.writeOff" $value -}}
{{- else if and (kindIs "bool" $value) (not $value) (not (has $key (list "sslVerify" "hostUsers"))) -}}
{{- $_ := set $ $key "off" -}}
{{- end -}}
{{- end -}}
{{- end -}}
