# shellcheck shell=bash
# What to run. spec.py checks every value, and each stays data: neither a shell nor make expands it.

APT_PACKAGES=()
OUTPUTS=()
PARAMS=()
FINISHED_TOPIC=
REQUESTED_EPOCH=

# read_spec: sets TARGET, THREADS, WORKERS, TELEMETRY_INTERVAL and what RUN_SPEC says.
read_spec() {
  local name value fields="$RUN_DIR/spec"
  for name in TARGET THREADS WORKERS TELEMETRY_INTERVAL SRC_TARBALL RESULTS_PREFIX RUN_SPEC; do
    metadata_get value "attributes/$name" || refuse_spec "The metadata value $name cannot be read."
    export "$name=$value"
  done
  tool spec >"$fields" 2>"$RUN_DIR/spec.faults" \
    || refuse_spec "The metadata is not usable: $(paste -s -d ';' "$RUN_DIR/spec.faults")"
  while IFS= read -r -d '' name && IFS= read -r -d '' value; do
    take_field "$name" "$value"
  done <"$fields"
  export SOURCE_SHA256
  WORKERS="${WORKERS:-$(default_workers "$VCPUS")}"
  arm_timer "$((MAX_SECONDS + MARGIN_SECONDS))"
  say "target $TARGET, WORKERS=$WORKERS THREADS=$THREADS on $VCPUS vCPU${PARAMS[*]:+, ${PARAMS[*]}}"
}

# refuse_spec REASON: the outcome must not repeat values that could not be used.
refuse_spec() {
  WORKERS=0
  fail metadata 1 "$1"
}

take_field() {
  case $1 in
    APT) APT_PACKAGES+=("$2") ;;
    STATE) STATE_PATHS+=("$2") ;;
    OUTPUT) OUTPUTS+=("$2") ;;
    PARAM) PARAMS+=("$2") ;;
    FILE) FILES+=("$2") ;;
    TARGET | THREADS | WORKERS | TELEMETRY_INTERVAL | SOURCE_SHA256 | FINISHED_TOPIC | MAX_SECONDS | \
      HEARTBEAT_SECONDS | LOG_SECONDS | REQUIREMENTS | RUST | NATIVE | PROGRESS | CHECKPOINT_SECONDS | \
      RUSTUP_VERSION | RUSTUP_SHA256 | RUN_AS | SCRIPT | REQUESTED_EPOCH) printf -v "$1" '%s' "$2" ;;
    *) fail script 1 "spec.py named a field that is not known here: $1" ;;
  esac
}

# default_workers VCPUS: one worker for three vCPUs is a good start, as measured on the pipeline.
default_workers() {
  echo "$(($1 < 3 ? 1 : $1 / 3))"
}
