{{- /*
The sets of workers with all that is known of them, as JSON: the values of `worker` under their own; `fullname`; `master`,
by which sets share one; `shards` and `firstShard`, as the sets of a master divide accounts and devices among them.
*/ -}}
{{- define "katydid.sets" -}}
{{- $sets := list -}}
{{- $shards := dict -}}
{{- $masters := dict -}}
{{- $names := dict -}}
{{- range $own := .Values.workers -}}
  {{- if hasKey $names $own.name -}}
    {{- fail (printf "two elements of workers are named %q; give each a name of its own" $own.name) -}}
  {{- end -}}
  {{- $_ := set $names $own.name true -}}
  {{- $set := mergeOverwrite (deepCopy $.Values.worker) (deepCopy $own) -}}
  {{- if and $set.autoscaling.enabled $set.shard.enabled -}}
    {{- fail (printf "workers %q: fixed sharding and autoscaling exclude each other, as each pod's part of the data depends on their number; set shard.enabled=false, or autoscaling.enabled=false" $set.name) -}}
  {{- end -}}
  {{- if and $set.devices.existingSecret $set.devices.existingClaim -}}
    {{- fail (printf "workers %q: devices.existingSecret and devices.existingClaim exclude each other" $set.name) -}}
  {{- end -}}
  {{- $key := join " " (concat (list $set.masterHost $set.users) $set.userClasses) -}}
  {{- if not (hasKey $masters $key) -}}{{- $_ := set $masters $key $set.name -}}{{- end -}}
  {{- $_ := set $set "fullname" (printf "%s-%s" (include "katydid.fullname" $) $set.name) -}}
  {{- $_ := set $set "master" (get $masters $key) -}}
  {{- $_ := set $set "firstShard" (get $shards $set.master | default 0) -}}
  {{- if $set.shard.enabled -}}{{- $_ := set $shards $set.master (add $set.firstShard $set.replicas) -}}{{- end -}}
  {{- $_ := set $set "expected" (ternary $set.autoscaling.minReplicas $set.replicas $set.autoscaling.enabled) -}}
  {{- $_ := set $set "files" list -}}
  {{- range splitList "," $set.users -}}
    {{- $file := trim . -}}
    {{- $path := hasPrefix "/" $file | ternary $file (printf "%s/%s" (trimSuffix "/" $.Values.users.path) $file) -}}
    {{- $_ := set $set "files" (append $set.files $path) -}}
  {{- end -}}
  {{- $sets = append $sets $set -}}
{{- end -}}
{{- range $sets -}}
  {{- $_ := set . "shards" (get $shards .master | default 0) -}}
  {{- $_ := set . "host" (include "katydid.host" (list $ .)) -}}
  {{- $_ := set . "hasOwnMaster" (and $.Values.master.enabled (not .masterHost)) -}}
  {{- if .hasOwnMaster -}}
    {{- $_ := set . "masterAddress" (printf "%s-%s-master" (include "katydid.fullname" $) .master) -}}
    {{- $_ := set . "masterPort" 5557 -}}
  {{- else if .masterHost -}}
    {{- $_ := set . "masterAddress" (tpl .masterHost $) -}}
  {{- else -}}
    {{- $_ := set . "masterAddress" (tpl $.Values.master.external.host $) -}}
    {{- $_ := set . "masterPort" $.Values.master.external.port -}}
  {{- end -}}
{{- end -}}
{{- toJson $sets -}}
{{- end -}}

{{- /* The system under test of a set: what is said, or a target of the chart. */ -}}
{{- define "katydid.host" -}}
{{- $root := index . 0 -}}
{{- $set := index . 1 -}}
{{- $prefix := include "katydid.fullname" $root -}}
{{- if $set.host -}}
{{- tpl $set.host $root -}}
{{- else if eq $set.target "website" -}}
{{- printf "http://%s-website-target:8080" $prefix -}}
{{- else if eq $set.target "classifier" -}}
{{- printf "http://%s-classifier-target:8000" $prefix -}}
{{- else if eq $set.target "classifier-grpc" -}}
{{- printf "%s-classifier-target:50051" $prefix -}}
{{- else if eq $set.target "echo" -}}
{{- printf "mqtt://%s-echo-target:1883" $prefix -}}
{{- end -}}
{{- end -}}

{{- /* The chart's own masters as JSON, one for each user file: `name`, `fullname`, the first set's files, all its sets. */ -}}
{{- define "katydid.masters" -}}
{{- $masters := list -}}
{{- $sets := include "katydid.sets" . | fromJsonArray -}}
{{- range $set := $sets -}}
  {{- if and $set.hasOwnMaster (eq $set.name $set.master) -}}
    {{- $expected := 0 -}}
    {{- range $sets -}}
      {{- if eq .master $set.name -}}{{- $expected = add $expected .expected -}}{{- end -}}
    {{- end -}}
    {{- $master := dict "name" $set.name "fullname" $set.masterAddress "files" $set.files "expected" $expected -}}
    {{- $_ := set $master "userClasses" $set.userClasses -}}
    {{- $_ := set $master "host" $set.host -}}
    {{- $_ := set $master "env" $set.env -}}
    {{- $_ := set $master "devices" $set.devices -}}
    {{- $_ := set $master "envFrom" $set.envFrom -}}
    {{- $_ := set $master "web" (printf "%s-%s-web" (include "katydid.fullname" $) $set.name) -}}
    {{- $masters = append $masters $master -}}
  {{- end -}}
{{- end -}}
{{- toJson $masters -}}
{{- end -}}
