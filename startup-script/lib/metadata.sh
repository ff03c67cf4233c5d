# shellcheck shell=bash
# The metadata server (https://cloud.google.com/compute/docs/metadata/overview).

METADATA_SECONDS="${VICINITY_METADATA_SECONDS:-120}"

# metadata_get VARIABLE PATH: sets the variable to the instance's value at PATH, or to nothing if there is none.
# Retries while the server does not answer as it should, and fails after METADATA_SECONDS with the variable unchanged.
# A task of a Batch job has its attributes in the environment.
# No file is used: early in a boot there is no directory yet that only root can write.
metadata_get() {
  if is_task && [[ $2 == attributes/* ]]; then
    local attribute="${2#attributes/}"
    printf -v "$1" '%s' "${!attribute:-}"
    return
  fi
  local url="http://${GCE_METADATA_HOST:-metadata.google.internal}/computeMetadata/v1/instance/$2"
  local deadline=$((SECONDS + METADATA_SECONDS)) pause=1 answer status
  while true; do
    answer="$(curl --silent --noproxy '*' --max-time 10 --header 'Metadata-Flavor: Google' \
      --write-out '\n%{http_code}' "$url" 2>/dev/null)" || true
    status="${answer##*$'\n'}"
    case $status in
      200) printf -v "$1" '%s' "${answer%$'\n'*}" && return ;;
      404) printf -v "$1" '' && return ;;
    esac
    if ((SECONDS + pause > deadline)); then
      say "The metadata server does not give instance/$2" \
        "(HTTP status ${status:-000}, tried for ${METADATA_SECONDS} s)."
      return 1
    fi
    sleep "$pause"
    pause=$((pause < 16 ? pause * 2 : 16))
  done
}
