{{- define "mtp.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "mtp.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains .Chart.Name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "mtp.selector" -}}
app.kubernetes.io/name: {{ include "mtp.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mtp.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "mtp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "mtp.tlsSecret" -}}
{{- default (printf "%s-tls" (include "mtp.fullname" .)) .Values.tls.secretName }}
{{- end }}

{{- /* The options, each as its variable; what the values say wins over what the chart needs. */}}
{{- define "mtp.env" -}}
{{- $options := dict
    "ssl-cert" "tls.crt"
    "ssl-key" "tls.key"
    "ssl-ca" "/etc/mysql-tls-proxy-ca/ca.crt"
    "admin-address" "0.0.0.0:3308"
    "admin-allow-remote" "ON" }}
{{- if .Values.rules }}
{{- $_ := set $options "accounts" "/etc/mysql-tls-proxy-rules/accounts.sql" }}
{{- end }}
{{- if .Values.tls.ticketKeysSecret }}
{{- $_ := set $options "tls-ticket-key-file" "/etc/mysql-tls-proxy-tickets/ticket.keys" }}
{{- end }}
{{- $options = merge (deepCopy .Values.options) $options }}
{{- if eq .Values.mode "sidecar" }}
{{- $_ := set $options "backend" "127.0.0.1:3306" }}
{{- end }}
{{- range $name, $value := $options }}
- name: MYSQL_TLS_PROXY_{{ $name | upper | replace "-" "_" }}
  {{- /* A large number must not become 1e+06, nor ON a truth value. */}}
  {{- if kindIs "bool" $value }}
  value: {{ ternary "ON" "OFF" $value | quote }}
  {{- else if kindIs "float64" $value }}
  value: {{ int64 $value | quote }}
  {{- else }}
  value: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "mtp.container" -}}
name: mysql-tls-proxy
image: "{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  {{- include "mtp.env" . | nindent 2 }}
ports:
  - name: mysql-tls
    containerPort: 3307
  - name: admin
    containerPort: 3308
startupProbe:
  httpGet:
    path: /healthz
    port: admin
  periodSeconds: 1
  failureThreshold: 30
livenessProbe:
  httpGet:
    path: /healthz
    port: admin
  periodSeconds: 10
readinessProbe:
  httpGet:
    path: /readyz
    port: admin
  periodSeconds: 5
resources:
  {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  runAsNonRoot: true
  runAsUser: 3307
  runAsGroup: 3307
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
  seccompProfile:
    type: RuntimeDefault
volumeMounts:
  - name: certificates
    mountPath: /etc/mysql-tls-proxy
    readOnly: true
  - name: ca
    mountPath: /etc/mysql-tls-proxy-ca
    readOnly: true
  {{- if .Values.rules }}
  - name: rules
    mountPath: /etc/mysql-tls-proxy-rules
    readOnly: true
  {{- end }}
  {{- if .Values.tls.ticketKeysSecret }}
  - name: ticket-keys
    mountPath: /etc/mysql-tls-proxy-tickets
    readOnly: true
  {{- end }}
{{- end }}

{{- define "mtp.volumes" -}}
- name: certificates
  secret:
    secretName: {{ include "mtp.tlsSecret" . }}
    # Readable without fsGroup, which would change the group of every file of a database in the pod. Only
    # the proxy's container mounts it.
    defaultMode: 0444
- name: ca
  configMap:
    name: {{ .Values.tls.clientCaConfigMap }}
{{- if .Values.rules }}
- name: rules
  configMap:
    name: {{ include "mtp.fullname" . }}-rules
{{- end }}
{{- if .Values.tls.ticketKeysSecret }}
- name: ticket-keys
  secret:
    secretName: {{ .Values.tls.ticketKeysSecret }}
    defaultMode: 0444
{{- end }}
{{- end }}

{{- define "mtp.podMetadata" -}}
labels:
  {{- include "mtp.selector" . | nindent 2 }}
  {{- with .Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or .Values.podAnnotations (not .Values.serviceMonitor.enabled) }}
annotations:
  {{- if not .Values.serviceMonitor.enabled }}
  prometheus.io/scrape: "true"
  prometheus.io/port: "3308"
  prometheus.io/path: /metrics
  {{- end }}
  {{- with .Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "mtp.podCommon" -}}
automountServiceAccountToken: false
# Else the cluster adds variables for every Service of the namespace, some of which look like options.
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
