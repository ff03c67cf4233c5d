# shellcheck shell=bash
# Programs that run beside the work: heartbeat, telemetry, and copying the logs to the console and the bucket.

declare -A HELPER_PIDS=()
readonly HELPER_STOP_SECONDS=15

start_helpers() {
  start_helper heartbeat "$BUCKET" "$ATTEMPT_PREFIX" "$RUN_ID" "$ATTEMPT" "$BOOT_ID" "$HEARTBEAT_SECONDS" \
    "$RUN_DIR/phase" "$RUN_DIR/build.log" "$PROGRESS"
  start_helper telemetry "$TELEMETRY_INTERVAL" "$RUN_DIR/telemetry.csv" "$RUN_DIR/phase" "$SERIAL_LOG"
  start_helper stopping
  start_helper console "$RUN_DIR/build.log" "$SERIAL_LOG"
  start_helper logship "$BUCKET" "$ATTEMPT_PREFIX/" "$LOG_SECONDS" "$RUN_DIR/build.log=$RESULTS/build.log" \
    "$HEARTBEAT_SECONDS" "$RUN_DIR/startup_detail.log=$RESULTS/startup_detail.log" \
    "$HEARTBEAT_SECONDS" "$RUN_DIR/telemetry.csv=$RESULTS/telemetry.csv" \
    "$HEARTBEAT_SECONDS" "$SERIAL_LOG=$RESULTS/serial.log"
}

# start_helper NAME ARGS…
start_helper() {
  "$PYTHON" "${PYTHON_OPTIONS[@]}" "$TOOLS/$1.py" "${@:2}" &
  HELPER_PIDS[$1]=$!
}

# stop_helper NAME: asks the helper to end, and kills it if it does not.
stop_helper() {
  local pid="${HELPER_PIDS[$1]:-}"
  if [[ -n $pid ]]; then
    stop_processes "$pid"
    unset "HELPER_PIDS[$1]"
  fi
}

# stop_processes PID…: stops children of this shell.
stop_processes() {
  local deadline=$((SECONDS + HELPER_STOP_SECONDS))
  kill -TERM "$@" 2>/dev/null || true
  while kill -0 "$@" 2>/dev/null && ((SECONDS < deadline)); do
    sleep 0.05
  done
  kill -KILL "$@" 2>/dev/null || true
  wait "$@" 2>/dev/null || true
}
