#!/bin/bash
# A startup script of a few lines, which keeps to the protocol of the real one: claim, work, outcome, message, power off.
# Its work is a line in a file, and some seconds; the harness fills in both. It takes its time from the bucket, where it may run ahead.
trap 'shutdown -P now' EXIT
set -euo pipefail

# about PATH: what the metadata server says of this instance.
about() { curl -sSf -H 'Metadata-Flavor: Google' "http://$GCE_METADATA_HOST/computeMetadata/v1/instance/$1"; }

metadata=$(about 'attributes/?recursive=true')

# attribute NAME: its value, up to the first character that JSON escapes.
attribute() { [[ $metadata =~ \"$1\":\"([^\"\\]*) ]] && echo "${BASH_REMATCH[1]}"; }

# call CURL_ARGUMENTS…: the answer's body, then its status on a line of its own; passing faults are tried again.
call() {
  local answer
  for _ in {1..100}; do
    answer=$(curl -sS -w '\n%{http_code}' -H "Authorization: Bearer $token" "$@" || true)
    case ${answer##*$'\n'} in 2?? | 404 | 412) break ;; esac
    sleep 0.1
  done
  echo "$answer"
}

# create NAME DOCUMENT: creates the object unless it exists. The answer is call's.
create() {
  call -H 'Content-Type: application/json' --data-binary "$2" \
    "$STORAGE_EMULATOR_HOST/upload/storage/v1/b/$bucket/o?uploadType=media&ifGenerationMatch=0&name=$1"
}

if ! run=$(attribute RUN_ID); then
  echo 'No run is pending.'
  exit 0
fi
attempt=$(attribute ATTEMPT)
target=$(attribute TARGET)
bucket=$(attribute BUCKET)
[[ $metadata =~ projects/[^\"\\]*/topics/[^\"\\]* ]]
topic=${BASH_REMATCH[0]}
folder=runs/$run/attempt-$attempt
[[ $(about service-accounts/default/token) =~ \"access_token\":\ *\"([^\"]*) ]]
token=${BASH_REMATCH[1]}
boot=$RANDOM-$RANDOM-$RANDOM

# A lost answer looks like a lost race: the claim may be this boot's own.
create "$folder/claim.json" "{\"by\":\"vm\",\"bootId\":\"$boot\"}" >/dev/null
claim=$(call "$STORAGE_EMULATOR_HOST/storage/v1/b/$bucket/o/${folder//\//%2F}%2Fclaim.json?alt=media")
if [[ $claim != *"$boot"* ]]; then
  echo "$run attempt $attempt is not this boot's: $claim"
  exit 0
fi

echo "$target $run $attempt" >>'@EXECUTIONS@'
sleep '@SECONDS@'
log=$(call --data-binary 'worked' \
  "$STORAGE_EMULATOR_HOST/upload/storage/v1/b/$bucket/o?uploadType=media&name=results/$run/build.log")
[[ $log =~ \"timeCreated\":\"([^\"]*)\" ]]
now=${BASH_REMATCH[1]}

end="\"runId\":\"$run\",\"attempt\":$attempt,\"outcome\":\"succeeded\",\"cause\":\"exit\",\"exitCode\":0,\"phase\":\"done\",\"startedAt\":\"$now\",\"finishedAt\":\"$now\""
create "$folder/outcome.json" "{$end,\"bootId\":\"$boot\",\"phases\":[],\"outputs\":[],\"manifest\":[],\"warnings\":0,\"errors\":0}" >/dev/null
call -H 'Content-Type: application/json' \
  -d "{\"messages\":[{\"data\":\"$(base64 <<<"{$end}" | tr -d '\n')\"}]}" "http://$PUBSUB_EMULATOR_HOST/v1/$topic:publish" >/dev/null
