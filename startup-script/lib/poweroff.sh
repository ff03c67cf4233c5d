# shellcheck shell=bash
# Powering off: the timer that does not depend on this script, and the last step. Both keep off a VM on hold.

# How long uploading may take after the job's own limit.
readonly MARGIN_SECONDS=1800
HOLD=

# arm: from here on every end of the script, of whatever cause, goes through `finish`.
arm() {
  now_utc STARTED_AT
  trap finish EXIT
  trap 'on_error "$?" "$BASH_COMMAND" "${FUNCNAME[0]-}" "$LINENO"' ERR
  trap on_stop TERM INT HUP
  arm_deadman
}

# arm_timer SECONDS: the VM powers off then, also if this script hangs. It takes the place of the one that
# startup.sh set first.
arm_timer() {
  if [[ -n $HOLD ]]; then
    return
  fi
  local minutes=$((($1 + 59) / 60))
  shutdown -P "+$minutes" >/dev/null 2>&1 \
    || say "The power-off timer cannot be set; maxRunDuration still stops the VM."
  printf '%s\n' "$((EPOCHSECONDS + minutes * 60))" >"$WORK/timer"
}

cancel_timer() {
  shutdown -c >/dev/null 2>&1 || true
  disarm_deadman
}

# power_off: ends the VM, unless it is on hold.
power_off() {
  read_hold
  if [[ -n $HOLD ]]; then
    cancel_timer
    say "VICINITY_HOLD is set: the VM stays on, and costs money, until you stop it."
    return
  fi
  say "powering off"
  shutdown -P now >/dev/null 2>&1 || poweroff >/dev/null 2>&1 \
    || say "The VM cannot power itself off: stop it by hand."
}

# read_hold: sets HOLD. A person may set or take away the hold at any time; where it cannot be read, the
# last one known counts.
read_hold() {
  METADATA_SECONDS=10 metadata_get HOLD attributes/VICINITY_HOLD || true
}

# leave_to_first_start: this boot has begun the attempt already, and somebody started the script again by
# hand. The first start reports and powers off; the timer that it set is put back.
leave_to_first_start() {
  local at
  say "This boot has already begun run $RUN_ID attempt $ATTEMPT. Nothing is done."
  if [[ -z $HOLD && -r $WORK/timer ]]; then
    read -r at <"$WORK/timer"
    shutdown -P "+$((at > EPOCHSECONDS ? (at - EPOCHSECONDS) / 60 + 1 : 1))" >/dev/null 2>&1 || true
  fi
  trap - EXIT
  exit 0
}
