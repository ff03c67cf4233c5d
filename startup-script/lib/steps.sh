# shellcheck shell=bash
# Steps that run in parallel, each in its own shell, and commands that may take long.

# Exit code of what a deadline ended, as of coreutils' timeout.
readonly TIMED_OUT=124
declare -A STEP_PIDS=()
LATE_MARK=

# start_step NAME FUNCTION…: starts it in the background. Its failure is recorded under NAME.
start_step() {
  run_step "$@" &
  STEP_PIDS[$1]=$!
}

run_step() {
  local began ended
  PHASE="$1"
  now_micros began
  "${@:2}"
  now_micros ended
  echo "$((ended - began))" >"$RUN_DIR/$PHASE.micros"
}

# is_running NAME: whether the step has started and not ended.
is_running() {
  [[ -n ${STEP_PIDS[$1]:-} ]] && kill -0 "${STEP_PIDS[$1]}" 2>/dev/null
}

# await_step NAME: waits for the step, if it was started. The time counts towards the current phase.
await_step() {
  if [[ -n ${STEP_PIDS[$1]:-} ]]; then
    wait "${STEP_PIDS[$1]}" || exit "$?"
  fi
}

# join_step NAME: waits for a step that was started, and records its own duration.
join_step() {
  local micros
  end_phase
  begin_phase "$1"
  await_step "$1"
  PHASE_BEGAN=0
  read -r micros <"$RUN_DIR/$1.micros"
  record_phase "$1" "$micros"
}

# run_logged SECONDS COMMAND…: writes its output to startup_detail.log, and ends it at the deadline, at the run's
# own deadline, and with this script. At the run's deadline this fails with the cause time-limit.
run_logged() {
  local seconds="$1" left=$((MAX_SECONDS - SECONDS)) log="$RUN_DIR/startup_detail.log" status=0
  if ((left < seconds)); then seconds=$left; fi
  if ((left <= 0)); then fail_late "Phase $PHASE"; fi
  shift
  printf '\n$ %s\n' "$*" >>"$log"
  run_until "$seconds" "$log" "$@" || status=$?
  if was_late; then
    printf 'Stopped after %d s.\n' "$seconds" >>"$log"
    if ((seconds == left)); then fail_late "Phase $PHASE"; fi
  fi
  return "$status"
}

# run_until SECONDS LOG COMMAND…: was_late says afterwards whether the deadline ended it. Its exit status does not,
# since 124 may be the command's own.
run_until() {
  LATE_MARK="$RUN_DIR/$PHASE.late"
  rm -f "$LATE_MARK"
  tool run "$1" "$2" "$LATE_MARK" "${@:3}"
}

was_late() {
  [[ -e $LATE_MARK ]]
}

# fail_late WHAT [MORE]: the run has no time left.
fail_late() {
  fail time-limit "$TIMED_OUT" "$1 was stopped at the limit of $MAX_SECONDS s (maxDuration).${2:+ $2}"
}
