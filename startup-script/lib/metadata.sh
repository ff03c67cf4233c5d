# shellcheck shell=bash
# The metadata server (https://cloud.google.com/compute/docs/metadata/overview).

METADATA_SECONDS="${VICINITY_METADATA_SECONDS:-120}"

# metadata_get VARIABLE PATH: sets the variable to the instance's value at PATH, to nothing where there is
# none. Tries again while the server does not answer as it should, and fails after METADATA_SECONDS with the
# variable unchanged.
metadata_get() {
  local url="http://${GCE_METADATA_HOST:-metadata.google.internal}/computeMetadata/v1/instance/$2"
  local deadline=$((SECONDS + METADATA_SECONDS)) pause=1 status answer="${RUN_DIR:-/tmp}/metadata"
  while true; do
    status="$(curl --silent --noproxy '*' --max-time 10 --header 'Metadata-Flavor: Google' \
      --output "$answer" --write-out '%{http_code}' "$url" 2>/dev/null)" || true
    case $status in
      200) printf -v "$1" '%s' "$(<"$answer")" && return ;;
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
