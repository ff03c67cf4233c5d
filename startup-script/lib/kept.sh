# shellcheck shell=bash
# What the reused disk keeps of the job's directories from run to run. Each archive is packed right after
# provisioning, before any code of the package runs, and only root can reach it; every run unpacks a fresh copy. So no
# run can plant code for another, and nothing is kept under a stamp that it was not made from.

# keep NAME TEXT DIRECTORY PATH…: packs PATHs of DIRECTORY under the stamp TEXT. A failure costs only time.
keep() {
  local archive="$KEPT/$1.tar"
  rm -f "$WORK/stamps/$1" "$archive"
  if as_job "$(program tar)" -C "$3" -cf - "${@:4}" >"$archive" 2>>"$RUN_DIR/startup_detail.log"; then
    # The stamp must not outlive a power loss that the archive does not.
    sync "$archive" 2>/dev/null || sync
    stamp "$1" "$2"
  else
    rm -f "$archive"
    say "$1 cannot be kept for the next run. See startup_detail.log."
  fi
}

# unpack_kept NAME TEXT DIRECTORY: fails if nothing is kept under that stamp.
unpack_kept() {
  local archive="$KEPT/$1.tar"
  is_stamped "$1" "$2" && [[ -f $archive ]] \
    && as_job "$(program tar)" -C "$3" -xpf - <"$archive" 2>>"$RUN_DIR/startup_detail.log"
}
