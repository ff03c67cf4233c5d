# shellcheck shell=bash
# Failures. The first one counts. It is kept in a file, because steps in the background fail as well.

WAS_STOPPED=0
JOB_HAS_SUCCEEDED=0

# fail CAUSE STATUS REASON…: ends the script, or the background step that calls it. shared/model/attempt.ts lists
# the causes.
fail() {
  local cause="$1" status="$2"
  shift 2
  note_failure "$PHASE" "$cause" "$*"
  exit "$status"
}

# fail_provisioning STATUS WHAT [REMEDY]: a command of the provisioning failed. Its log says why.
fail_provisioning() {
  local cause line
  find_cause cause provisioning "$RUN_DIR/startup_detail.log"
  line="$(quote command "$RUN_DIR/startup_detail.log")"
  fail "$cause" "$1" "$(explain "$cause" "$2" "$line")${3:+ $3}"
}

# note_failure PHASE CAUSE REASON
note_failure() {
  drop_ballast
  if [[ ! -e $RUN_DIR/failure ]]; then
    printf '%s\n' "$1" "$2" "${3//$'\n'/ }" >"$RUN_DIR/failure"
    say "FAILED in phase $1: $3"
  fi
}

# on_error STATUS COMMAND FUNCTION LINE: a command failed unexpectedly.
on_error() {
  local reason="\`$2\` in ${3:-startup.sh} (line $4) ended with status $1. startup_detail.log may say more."
  if [[ -n $RUN_DIR ]]; then
    note_failure "$PHASE" script "$reason"
  else
    say "$reason"
  fi
}

# on_stop: somebody else stops the VM (a person, the sweep, a preemption). Once the job has succeeded, the time
# that is left is best used by going on.
on_stop() {
  if ((!JOB_HAS_SUCCEEDED)); then
    WAS_STOPPED=1
    exit 143
  fi
}

# settle STATUS: a stop from outside ends the commands of this script as well as the script. Before a failure
# counts as one, the script's own signal gets time to arrive.
settle() {
  trap 'WAS_STOPPED=1' TERM INT HUP
  if (($1 && !WAS_STOPPED)); then sleep 0.5; fi
  trap '' TERM INT HUP
}

# quote job|command|tail LOG [COUNT]: prints the lines that explain a failure, without secrets, because they travel
# further than the log. If they cannot be found, nothing is quoted.
quote() {
  tool quote "$@" 2>>"$RUN_DIR/startup_detail.log" || true
}
