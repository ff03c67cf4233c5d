# shellcheck shell=bash
# What ended a command, where its exit status does not say: the machine ran out of memory or disk.

OOM_BEFORE=0

# find_cause VARIABLE OTHERWISE LOG: sets it to memory, disk, or OTHERWISE.
find_cause() {
  local killed
  oom_kills killed
  if ((killed > OOM_BEFORE)); then
    printf -v "$1" memory
  elif disk_is_full || [[ $(tail -c 65536 "$3") == *'No space left on device'* ]]; then
    printf -v "$1" disk
  else
    printf -v "$1" '%s' "$2"
  fi
}

# explain CAUSE WHAT LINE: prints what failed, why, what to do, and the line of the log that matters.
explain() {
  local killed
  case $1 in
    memory)
      oom_kills killed
      echo "$2: memory ran out, and the kernel killed $((killed - OOM_BEFORE)) of its processes." \
        "Use fewer WORKERS (now $WORKERS) or a machine with more memory.${3:+ $3}"
      ;;
    disk) echo "$2: the disk is full. Give the VM a larger disk, or let the job write less.${3:+ $3}" ;;
    *) echo "$2${3:+: $3}" ;;
  esac
}

# oom_kills VARIABLE: the number of processes that the kernel has killed for lack of memory since boot.
oom_kills() {
  local count
  count="$(grep '^oom_kill ' /proc/vmstat 2>/dev/null)" || count="oom_kill 0"
  printf -v "$1" '%d' "${count#oom_kill }"
}
