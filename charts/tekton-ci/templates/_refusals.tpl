{{/* What no schema can say: values that exclude or need each other. */}}
{{- define "tekton-ci.refuse" -}}
{{- with .Values.credentials -}}
{{- $given := list .appId .privateKey .webhookSecret | compact | len -}}
{{- if and .existingSecret $given -}}
{{- fail "credentials.existingSecret and the credentials themselves exclude each other: keep one of the two" -}}
{{- else if not (or .existingSecret (eq $given 3)) -}}
{{- fail "credentials are missing: set credentials.existingSecret to the name of a Secret with the keys APP_ID, PRIVATE_KEY and WEBHOOK_SECRET, or set all of credentials.appId, credentials.privateKey and credentials.webhookSecret" -}}
{{- end -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (include "tekton-ci.exclusiveClaim" .) -}}
{{- fail "several replicas cannot share a volume of one node: set persistence.accessModes to [ReadWriteMany], with a storage class that can, or replicas to 1" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "ingress.host is missing: set it to the name that GitHub sends webhooks to" -}}
{{- end -}}
{{- end -}}

{{/* "true" when the volume may be mounted by one node at a time; of an existing claim nothing is known. */}}
{{- define "tekton-ci.exclusiveClaim" -}}
{{- with .Values.persistence -}}
{{- if and .enabled (not .existingClaim) (not (has "ReadWriteMany" .accessModes)) }}true{{ end -}}
{{- end -}}
{{- end -}}
