# shellcheck shell=bash
# The dead man's switch. After a SIGKILL this script runs no trap, and the VM would stay on until somebody stops it.

readonly DEADMAN=vicinity-deadman
readonly DEADMAN_SECONDS=5

# has_deadman: whether this is a real machine of ours, with a systemd that can watch the script.
has_deadman() {
  ! is_process_mode && ! is_task && [[ -d /run/systemd/system ]]
}

# arm_deadman: the VM powers off soon after this script is gone, unless it is on hold. systemd runs the watch, and
# restarts it if a job kills everything that it can.
arm_deadman() {
  has_deadman || return 0
  local watch options=(--quiet --collect "--unit=$DEADMAN" --property=Restart=always
    "--property=RestartSec=$DEADMAN_SECONDS" --property=StandardOutput=journal+console)
  watch="$(declare -f watch_script); watch_script $$ ${GCE_METADATA_HOST:-metadata.google.internal}"
  # This fails if an earlier start of this script in the same boot has armed it.
  systemd-run "${options[@]}" bash -c "$watch" >/dev/null 2>&1 || true
}

# disarm_deadman: for a VM that stays on.
disarm_deadman() {
  has_deadman || return 0
  systemctl stop "$DEADMAN" >/dev/null 2>&1 || true
}

# watch_script PID METADATA_HOST: runs in a shell of its own, without the other functions.
watch_script() {
  while kill -0 "$1" 2>/dev/null; do sleep 2; done
  local hold="http://$2/computeMetadata/v1/instance/attributes/VICINITY_HOLD"
  hold="$(curl --silent --fail --noproxy '*' --max-time 10 --header 'Metadata-Flavor: Google' "$hold")"
  if [[ -z $hold ]]; then
    echo "[vicinity] The startup script was killed: powering off."
    shutdown -P now || poweroff
  fi
  sleep infinity # If this ended, systemd would restart it.
}
