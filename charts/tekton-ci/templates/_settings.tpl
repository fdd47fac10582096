{{/* The namespaces that runs are made in, as a JSON list. */}}
{{- define "tekton-ci.namespaces" -}}
{{- $namespaces := list ((.Values.settings).namespace | default "ci" | toString) -}}
{{- range (.Values.settings).repositories -}}
{{- with .namespace }}{{ $namespaces = append $namespaces (toString .) }}{{ end -}}
{{- end -}}
{{- $namespaces | uniq | sortAlpha | toJson -}}
{{- end -}}

{{/*
Names of the Secrets that `settings` give to steps of runs in `namespace`, as a JSON list. An entry of a repository that names no namespace may
hold for one that another entry maps to any.
*/}}
{{- define "tekton-ci.secretNames" -}}
{{- $names := list -}}
{{- range concat (list .settings) (values ((.settings).repositories | default dict)) -}}
{{- if and . (or (not .namespace) (eq (toString .namespace) $.namespace) (hasKey . "repositories")) -}}
{{- $names = concat $names (include "tekton-ci.secretNamesOf" . | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- $names | uniq | sortAlpha | toJson -}}
{{- end -}}

{{/* Of the settings themselves, or of one entry of `repositories`. Whatever is `off` is no name. */}}
{{- define "tekton-ci.secretNamesOf" -}}
{{- $names := list -}}
{{- range .secrets }}{{ if kindIs "map" . }}{{ $names = append $names .name }}{{ end }}{{ end -}}
{{- if kindIs "string" .dockerconfig }}{{ $names = append $names .dockerconfig }}{{ end -}}
{{- if kindIs "map" .deploy }}{{ with .deploy.kubeconfig }}{{ $names = append $names . }}{{ end }}{{ end -}}
{{- range (kindIs "slice" .git | ternary .git (list .git)) -}}
{{- if kindIs "map" . }}{{ $names = append $names .secret }}{{ else if kindIs "string" . }}{{ $names = append $names . }}{{ end -}}
{{- end -}}
{{- without $names "off" "" | toJson -}}
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
