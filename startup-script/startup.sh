#!/bin/bash
trap '' PIPE
# Runs one attempt of a run on the VM, at boot: claim it, provision, make, upload, report, power off.
#
# The line above is vital: Google's script runner closes the pipe at an output line over 64 KiB, and the script
# would die of SIGPIPE with the VM left on. When sourced, this file only defines its functions.
#
# Environment, all optional: VICINITY_ENGINE (batch: see lib/engine.sh), VICINITY_WORK_DIR (default
# /var/lib/vicinity), VICINITY_BOOT_ID,
# VICINITY_RETRY_SECONDS (300), VICINITY_METADATA_SECONDS (120), and the endpoints GCE_METADATA_HOST,
# STORAGE_EMULATOR_HOST, PUBSUB_EMULATOR_HOST.

# Root's programs come from directories that only root can write, whatever PATH this script starts with. A VM in
# process mode is a process of somebody's computer, and uses the PATH of its owner.
if [[ -z ${VICINITY_WORK_DIR:-} ]]; then
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
fi

# Before anything else: whatever goes wrong below, the VM powers off. _main replaces this trap by the full one.
# Batch deletes the VM of a task.
if ! (return 0 2>/dev/null) && [[ ${VICINITY_ENGINE:-} != batch ]]; then
  trap 'shutdown -P now' EXIT
  shutdown -P +60 >/dev/null 2>&1
fi

if ((BASH_VERSINFO[0] < 5)); then
  echo "[vicinity] The startup script needs bash 5 or newer, and this is bash $BASH_VERSION." \
    "On macOS: brew install bash"
  # shellcheck disable=SC2317 # reached where the file is not sourced
  return 1 2>/dev/null || exit 1
fi

# bundle:begin (bundle.ts puts the files themselves in place of these lines)
VICINITY_TREE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for _lib in "$VICINITY_TREE"/lib/*.sh; do
  # shellcheck source=/dev/null
  source "$_lib"
done
# install_tools DIRECTORY: puts the Python programs there.
install_tools() { cp "$VICINITY_TREE"/tools/*.py "$1"; }
# bundle:end

_main() {
  set -Eeuo pipefail
  umask 077
  arm
  prepare_machine
  read_identity
  take_claim
  read_spec
  start_helpers
  fetch_source_and_provision
  run_job
  if has_state; then save_state; fi
}

if ! (return 0 2>/dev/null); then
  _main
fi
