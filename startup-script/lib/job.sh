# shellcheck shell=bash
# The job: make, in a session of its own, with its output in build.log.

JOB_WAS_STARTED=0

run_job() {
  begin_phase make
  say "starting make $TARGET"
  local status=0 make
  make="$(command -v make)" || fail provisioning 127 "There is no make on the VM: add it to provision.apt."
  note_executed "make=$make"
  oom_kills OOM_BEFORE
  if has_state; then start_checkpoints; fi
  JOB_WAS_STARTED=1
  LATE_MARK="$RUN_DIR/make.late"
  (
    job_environment
    # An array of arguments, never a line for a shell; what follows -- are targets and variables, not options.
    exec "$PYTHON" -BS "$TOOLS/run.py" "$((MAX_SECONDS - SECONDS))" "$RUN_DIR/build.log" "$LATE_MARK" \
      "${AS_JOB[@]}" make -C "$SRC" -- "$TARGET" ${PARAMS[@]+"${PARAMS[@]}"} "THREADS=$THREADS" "WORKERS=$WORKERS"
  ) &
  wait "$!" || status=$?
  end_job_processes
  stop_helper console # It prints the rest of the log first.
  stop_helper state
  end_phase
  if ((status)); then
    fail_job "$status"
  fi
  JOB_HAS_SUCCEEDED=1
}

# job_environment: what make and its recipes find. Called in a subshell: this script's own tools do not need
# it.
job_environment() {
  use_job_home
  export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
  export NUMEXPR_NUM_THREADS=1 NUMEXPR_MAX_THREADS=1
  export TARGET THREADS WORKERS RUN_ID PYTHONUNBUFFERED=1
  # Where memory runs out, the kernel is to end the job and not what reports it.
  { echo 500 >/proc/self/oom_score_adj; } 2>/dev/null || true
  unset MAKEFLAGS MAKELEVEL MFLAGS RUN_SPEC
  if [[ -n $RUST ]]; then
    PATH="$HOME/.cargo/bin:$PATH"
    export RUSTUP_TOOLCHAIN="$RUST"
  fi
  if [[ -n $REQUIREMENTS && -x $VENV/bin/python ]]; then
    export VIRTUAL_ENV="$VENV" PATH="$VENV/bin:$PATH"
    # Makefiles of the pipeline call .venv/bin/python.
    [[ -e $SRC/.venv || -L $SRC/.venv ]] || ln -s "$VENV" "$SRC/.venv"
  fi
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
  fail "$cause" "$1" "$(explain "$cause" "$what" "$(last_match '\*\*\*' "$log")")"
}
