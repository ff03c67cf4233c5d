# shellcheck shell=bash
# The machine: its work directory, the boot, its size.

readonly WORK="${VICINITY_WORK_DIR:-/var/lib/vicinity}"
readonly SRC="$WORK/src"
readonly KEPT="$WORK/kept"
readonly FILES_FOLDER="$WORK/files"
readonly FILES_BIN="$FILES_FOLDER/bin"
RUN_DIR=
TOOLS=
BOOT_ID=
PYTHON=
# Nothing is imported but the standard library and the other tools: not what the environment (-E), the user (-s) or
# site-packages (-S) offer. -S also starts faster.
readonly PYTHON_OPTIONS=(-B -E -s -S)

# prepare_machine: creates the directories and logs of this start of the script, and finds what it needs.
prepare_machine() {
  find_boot_id
  forget_earlier_boots
  # The job passes through $WORK to its own directories; the rest is root's alone.
  install -d -m 755 "$WORK"
  mkdir -p "$WORK/stamps" "$WORK/attempts" "$KEPT"
  RUN_DIR="$(mktemp -d "$WORK/run.$BOOT_ID.XXXXXX")"
  keep_ballast
  SERIAL_LOG="$RUN_DIR/serial.log"
  touch "$RUN_DIR"/{build.log,startup_detail.log,serial.log}
  export SERIAL_LOG
  export HOME="${HOME:-/root}"
  begin_phase boot
  say "startup script begins on $(uname -sr), bash $BASH_VERSION"
  TOOLS="$RUN_DIR/tools"
  mkdir -m 755 "$TOOLS"
  install_tools "$TOOLS"
  chmod 644 "$TOOLS"/*.py
  find_python
  note_executed "startup-script=$0" "bash=$BASH" "python=$PYTHON"
  oom_kills OOM_BEFORE
  vcpus VCPUS
  memory_bytes MEMORY_BYTES
}

# forget_earlier_boots: a reused disk keeps caches and stamps, but nothing else of another boot. This comes before
# anything is written, because the last run may have filled the disk.
forget_earlier_boots() {
  local of_this_boot=("$WORK/run.$BOOT_ID".*)
  if [[ ! -e ${of_this_boot[0]} ]]; then
    rm -rf "$SRC" "$VENV" "$JOB_HOME" "$WORK"/run.*
  fi
}

# is_process_mode: whether this runs as a process of somebody's computer, which must not be changed.
is_process_mode() {
  [[ -n ${VICINITY_WORK_DIR:-} ]]
}

# find_boot_id: sets BOOT_ID. The kernel of a real VM has one for each boot. A VM in process mode shares the
# host's kernel, so each start of the script counts as a boot.
find_boot_id() {
  BOOT_ID="${VICINITY_BOOT_ID:-}"
  if [[ -z $BOOT_ID && -r /proc/sys/kernel/random/boot_id ]] && ! is_process_mode; then
    read -r BOOT_ID </proc/sys/kernel/random/boot_id
  fi
  if [[ -z $BOOT_ID ]]; then
    BOOT_ID="$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)"
  fi
}

find_python() {
  command -v python3 >/dev/null \
    || fail provisioning 1 "There is no python3 on the VM. Use an image that has it, as Google's Debian images do."
  PYTHON="$(python3 "${PYTHON_OPTIONS[@]}" "$TOOLS/interpreter.py")" \
    || fail provisioning 1 "The VM needs Python 3.9 or newer, and has $(python3 --version)."
}

# tool NAME ARGS…: runs one of the Python programs. It runs in the background, because a trap waits for a command in
# the foreground, and a stop from outside must not wait.
tool() {
  "$PYTHON" "${PYTHON_OPTIONS[@]}" "$TOOLS/$1.py" "${@:2}" &
  wait "$!"
}

# program NAME: prints the absolute path of one of root's programs.
program() {
  type -P "$1"
}

# vcpus VARIABLE: the number of processors online. (nproc obeys OMP_NUM_THREADS.)
vcpus() {
  printf -v "$1" '%d' "$(getconf _NPROCESSORS_ONLN)"
}

# memory_bytes VARIABLE: the memory of the machine, in bytes.
memory_bytes() {
  local kib
  if [[ -r /proc/meminfo ]]; then
    read -r _ kib _ </proc/meminfo
    printf -v "$1" '%d' "$((kib * 1024))"
  else
    printf -v "$1" '%d' "$(sysctl -n hw.memsize)"
  fi
}
