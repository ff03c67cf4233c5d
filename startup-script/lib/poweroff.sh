# shellcheck shell=bash
# Powering off: a timer that does not depend on this script, and the last step. Neither touches a VM on hold.

# How long the upload may take after the limit of the job, in seconds.
readonly MARGIN_SECONDS=1800
HOLD=

# arm: from here on, every end of the script goes through `finish`.
arm() {
  now_utc STARTED_AT
  trap finish EXIT
  trap 'on_error "$?" "$BASH_COMMAND" "${FUNCNAME[0]-}" "$LINENO"' ERR
  trap on_stop TERM INT HUP
  arm_deadman
}

# arm_timer SECONDS: the VM powers off then, even if this script hangs. This replaces the timer that startup.sh has set.
arm_timer() {
  if is_task || [[ -n $HOLD ]]; then
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

# power_off: ends the VM, unless it is on hold or Batch's.
power_off() {
  if is_task; then return; fi
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

# read_hold: sets HOLD. A person may set or remove the hold at any time. If it cannot be read, the last known value
# counts.
read_hold() {
  METADATA_SECONDS=10 metadata_get HOLD attributes/VICINITY_HOLD || true
}

# leave_to_first_start: this boot has already started the attempt, and somebody has started the script again by hand.
# The first start reports and powers off. This restores its timer.
leave_to_first_start() {
  local at
  say "This boot has already begun run $RUN_ID attempt $ATTEMPT. Nothing is done."
  if ! is_task && [[ -z $HOLD && -r $WORK/timer ]]; then
    read -r at <"$WORK/timer"
    shutdown -P "+$((at > EPOCHSECONDS ? (at - EPOCHSECONDS) / 60 + 1 : 1))" >/dev/null 2>&1 || true
  fi
  trap - EXIT
  leave
}
