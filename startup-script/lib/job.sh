# shellcheck shell=bash
# The job: make, in a session of its own, with its output in build.log.

JOB_WAS_STARTED=0
# make as the job's user, with what its recipes find in their environment.
MAKE=()

run_job() {
  begin_phase make
  say "starting make $TARGET"
  find_make
  note_executed "make=$MAKE_PROGRAM"
  oom_kills OOM_BEFORE
  if has_state; then start_checkpoints; fi
  JOB_WAS_STARTED=1
  local status=0
  make_target || status=$?
  end_job_processes
  stop_helper console # It prints the rest of the log first.
  stop_helper state
  end_phase
  if ((status)); then
    fail_job "$status"
  fi
  JOB_HAS_SUCCEEDED=1
}

# make_target: an array of arguments, never a line for a shell. What follows -- are targets and variables, not
# options.
make_target() {
  run_until "$((MAX_SECONDS - SECONDS))" "$RUN_DIR/build.log" \
    "${MAKE[@]}" -- "$TARGET" "${PARAMS[@]}" "THREADS=$THREADS" "WORKERS=$WORKERS"
}

# find_make: sets MAKE and MAKE_PROGRAM.
find_make() {
  MAKE_PROGRAM="$(program make)" || fail provisioning 127 "There is no make on the VM: add it to provision.apt."
  MAKE=("${AS_JOB[@]}"
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 NUMEXPR_MAX_THREADS=1
    "TARGET=$TARGET" "THREADS=$THREADS" "WORKERS=$WORKERS" "RUN_ID=$RUN_ID" PYTHONUNBUFFERED=1
    ${REQUESTED_EPOCH:+"SOURCE_DATE_EPOCH=$REQUESTED_EPOCH"}
    "$MAKE_PROGRAM" -C "$SRC")
}

# fail_job STATUS
fail_job() {
  local cause what="make $TARGET failed with exit code $1" log="$RUN_DIR/build.log"
  if was_late; then
    fail_late "make $TARGET" "What it had made by then is uploaded."
  fi
  find_cause cause exit "$log"
  if [[ $cause == exit && $1 -eq 137 ]]; then
    fail exit 137 "make $TARGET was killed (exit code 137, signal 9), as the kernel does when memory runs out." \
      "Use fewer WORKERS (now $WORKERS) or a machine with more memory."
  fi
  fail "$cause" "$1" "$(explain "$cause" "$what" "$(quote job "$log")")"
}
