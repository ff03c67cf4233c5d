# shellcheck shell=bash
# Steps that run beside one another, each in a shell of its own, and commands that may take long.

declare -A STEP_PIDS=()

# start_step NAME FUNCTION…: begins it in the background. Its failure is noted under NAME.
start_step() {
  local name="$1"
  shift
  (
    local began ended
    PHASE="$name"
    now_micros began
    "$@"
    now_micros ended
    echo "$((ended - began))" >"$RUN_DIR/$name.micros"
  ) &
  STEP_PIDS[$name]=$!
}

# is_running NAME: whether the step was started, and has not ended yet.
is_running() {
  [[ -n ${STEP_PIDS[$1]:-} ]] && kill -0 "${STEP_PIDS[$1]}" 2>/dev/null
}

# await_step NAME: waits for it, if it was started. Its time counts to the phase that waits.
await_step() {
  if [[ -n ${STEP_PIDS[$1]:-} ]]; then
    wait "${STEP_PIDS[$1]}" || exit "$?"
  fi
}

# join_step NAME: waits for a step that was started, and records how long it took by itself.
join_step() {
  local micros
  end_phase
  begin_phase "$1"
  await_step "$1"
  PHASE_BEGAN=0
  read -r micros <"$RUN_DIR/$1.micros"
  record_phase "$1" "$micros"
}

# as_job_logged SECONDS COMMAND…: as the job's user, in the source tree.
as_job_logged() (
  use_job_home
  cd "$SRC" || return
  run_logged "$1" "${AS_JOB[@]}" "${@:2}"
)

# run_logged SECONDS COMMAND…: output to startup_detail.log; ended at the deadline (124), at that of the whole run,
# and with this script.
run_logged() {
  local seconds="$1" left=$((MAX_SECONDS - SECONDS)) log="$RUN_DIR/startup_detail.log"
  if ((left < seconds)); then seconds=$left; fi
  shift
  printf '\n$ %s\n' "$*" >>"$log"
  local status=0
  tool run "$seconds" "$log" "$@" || status=$?
  if ((status == 124)); then printf 'Stopped after %d s.\n' "$seconds" >>"$log"; fi
  return "$status"
}
