{{- /* What all pods have. */ -}}
{{- define "katydid.pod" -}}
serviceAccountName: {{ include "katydid.serviceAccount" . }}
automountServiceAccountToken: false
# A Service named locust-… would put LOCUST_… variables into the pods, which Locust and katydid read as options.
enableServiceLinks: false
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Where a pod may run: of a set or of the master's values. */ -}}
{{- define "katydid.place" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .hostAliases }}
hostAliases:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Environment by name: (list root env) */ -}}
{{- define "katydid.env" -}}
{{- $root := index . 0 -}}
{{- range $name, $value := index . 1 }}
- name: {{ $name }}
  {{- if kindIs "map" $value }}
  {{- toYaml $value | nindent 2 }}
  {{- else }}
  value: {{ tpl (toString $value) $root | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* What the user files of a set may read: (list root set) */ -}}
{{- define "katydid.userEnv" -}}
{{- $set := index . 1 -}}
{{- if or $set.devices.existingSecret $set.devices.existingClaim }}
- name: LTK_DEVICE_LIST
  value: {{ printf "%s/%s" $set.devices.mountPath $set.devices.list | quote }}
{{- end }}
{{- include "katydid.env" (list (index . 0) $set.env) }}
{{- end -}}

{{- define "katydid.devicesMount" -}}
{{- if or .existingSecret .existingClaim }}
- name: devices
  mountPath: {{ .mountPath }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "katydid.devicesVolume" -}}
{{- if .existingSecret }}
- name: devices
  secret:
    secretName: {{ .existingSecret }}
    defaultMode: 0440
{{- else if .existingClaim }}
- name: devices
  persistentVolumeClaim:
    claimName: {{ .existingClaim }}
    readOnly: true
{{- end }}
{{- end -}}

{{- define "katydid.envFrom" -}}
{{- with . }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "katydid.usersConfigMap" -}}
{{- .Values.users.configMap.existing | default (printf "%s-users" (include "katydid.fullname" .)) -}}
{{- end -}}

{{- /* Of what the user files depend on: pods are made anew when it changes. */ -}}
{{- define "katydid.usersChecksum" -}}
{{- list .Values.users (include "katydid.workerImage" .) | toJson | sha256sum | trunc 16 -}}
{{- end -}}

{{- define "katydid.usersVolume" -}}
{{- $users := .Values.users -}}
{{- if eq $users.source "configMap" }}
- name: users
  configMap:
    name: {{ include "katydid.usersConfigMap" . }}
{{- else if eq $users.source "pvc" }}
- name: users
  persistentVolumeClaim:
    claimName: {{ $users.pvc.existingClaim }}
    readOnly: true
{{- else if eq $users.source "git" }}
- name: users
  emptyDir:
    sizeLimit: 256Mi
{{- with $users.git.existingSecret }}
- name: git-credentials
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end }}
{{- end -}}

{{- define "katydid.usersMount" -}}
{{- $users := .Values.users -}}
{{- if ne $users.source "image" }}
- name: users
  mountPath: {{ $users.path }}
  readOnly: true
  {{- if eq $users.source "git" }}
  subPath: {{ printf "repository/%s" $users.git.path | trimSuffix "/" }}
  {{- else if and (eq $users.source "pvc") $users.pvc.subPath }}
  subPath: {{ $users.pvc.subPath }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The container that fetches user files from git before any other needs them. */ -}}
{{- define "katydid.usersInit" -}}
{{- $git := .Values.users.git -}}
{{- if eq .Values.users.source "git" }}
- name: users
  image: {{ include "katydid.image" (list $git.image "latest") }}
  imagePullPolicy: {{ $git.image.pullPolicy }}
  command: [sh, -c]
  args:
    - |
      {{- .Files.Get "files/fetch-users.sh" | nindent 6 }}
  env:
    - name: HOME
      value: /tmp
    - name: GIT_FOLDER
      value: /users/repository
    - name: GIT_URL
      value: {{ $git.url | quote }}
    - name: GIT_REF
      value: {{ $git.ref | quote }}
    - name: GIT_TERMINAL_PROMPT
      value: "0"
    {{- if $git.existingSecret }}
    - name: GIT_CONFIG_COUNT
      value: "1"
    - name: GIT_CONFIG_KEY_0
      value: credential.helper
    - name: GIT_CONFIG_VALUE_0
      # To be read only: what git would remember has no place in a Secret.
      value: '!f() { [ "$1" != get ] || git credential-store --file=/git-credentials/credentials get; }; f'
    {{- end }}
  securityContext:
    {{- toYaml .Values.securityContext | nindent 4 }}
  resources:
    requests: {cpu: 50m, memory: 64Mi, ephemeral-storage: 64Mi}
    limits: {memory: 256Mi, ephemeral-storage: 512Mi}
  volumeMounts:
    - name: users
      mountPath: /users
    - name: tmp
      mountPath: /tmp
    {{- if $git.existingSecret }}
    - name: git-credentials
      mountPath: /git-credentials
      readOnly: true
    {{- end }}
{{- end }}
{{- end -}}
