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

# fail_provisioning STATUS WHAT LINE: a command of the provisioning failed. LINE of its log says why.
fail_provisioning() {
  local cause
  find_cause cause provisioning "$RUN_DIR/startup_detail.log"
  fail "$cause" "$1" "$(explain "$cause" "$2" "$3")"
}

# note_failure PHASE CAUSE REASON
note_failure() {
  drop_ballast
  if [[ ! -e $RUN_DIR/failure ]]; then
    printf '%s\n' "$1" "$2" "${3//$'\n'/ }" >"$RUN_DIR/failure"
    say "FAILED in phase $1: $3"
  fi
}

# on_error STATUS COMMAND FUNCTION LINE: a command failed that nobody expected to.
on_error() {
  local reason="\`$2\` in ${3:-startup.sh} (line $4) ended with status $1. startup_detail.log may say more."
  if [[ -n $RUN_DIR ]]; then
    note_failure "$PHASE" script "$reason"
  else
    say "$reason"
  fi
}

# on_stop: somebody else stops the VM (a person, the sweep, a preemption). Once the job has succeeded, the
# time that is left is best used by going on.
on_stop() {
  if ((!JOB_HAS_SUCCEEDED)); then
    WAS_STOPPED=1
    exit 143
  fi
}

# settle STATUS: a stop from outside ends the commands of this script as well as the script: before a
# failure counts as one, the script's own signal gets time to arrive.
settle() {
  trap 'WAS_STOPPED=1' TERM INT HUP
  if (($1 && !WAS_STOPPED)); then sleep 0.5; fi
  trap '' TERM INT HUP
}

# last_match PATTERN FILE: the last line that matches, cut to what fits in a message; nothing where none does.
last_match() {
  { grep -a -e "$1" "$2" || true; } | tail -n 1 | quotable | cut -c 1-300
}

# last_lines COUNT FILE
last_lines() {
  tail -c 65536 "$2" | tr '\r' '\n' | tail -n "$1" | quotable
}

# quotable: standard input, readable whatever the bytes are, and without what looks like a secret, because what is
# quoted goes further than the log does. Where that cannot be told, nothing is quoted.
quotable() {
  LC_ALL=C tr -cd '\11\12\40-\176' | cut -c 1-2000 | { "$PYTHON" -BS "$TOOLS/redact.py" || true; }
}
