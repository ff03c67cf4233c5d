# shellcheck shell=bash
# The job: make, in a session of its own, with its output in build.log.

JOB_WAS_STARTED=0
OOM_BEFORE=0

run_job() {
  begin_phase make
  say "starting make $TARGET"
  local status=0 make
  make="$(command -v make)" || fail 127 "There is no make on the VM: add it to provision.apt."
  note_executed "make=$make"
  oom_kills OOM_BEFORE
  if has_state; then start_checkpoints; fi
  JOB_WAS_STARTED=1
  (
    job_environment
    # An array of arguments, never a line for a shell; what follows -- are targets and variables, not options.
    exec "$PYTHON" -BS "$TOOLS/run.py" "$((MAX_SECONDS - SECONDS))" "$RUN_DIR/build.log" \
      "${AS_JOB[@]}" make -C "$SRC" -- "$TARGET" ${PARAMS[@]+"${PARAMS[@]}"} "THREADS=$THREADS" "WORKERS=$WORKERS"
  ) &
  wait "$!" || status=$?
  end_job_processes
  stop_helper console # It prints the rest of the log first.
  stop_helper state
  end_phase
  if ((status)); then
    fail "$status" "$(explain_job "$status")"
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

# explain_job STATUS: the reason of the failure in words.
explain_job() {
  local killed=0 last
  oom_kills killed
  killed=$((killed - OOM_BEFORE))
  last="$(last_match '\*\*\*' "$RUN_DIR/build.log")"
  if (($1 == 124)); then
    echo "make $TARGET was stopped at the limit of $MAX_SECONDS s (maxDuration)." \
      "What it had made by then is uploaded."
  elif ((killed > 0)); then
    echo "make $TARGET failed with exit code $1: memory ran out, and the kernel killed" \
      "$killed of its processes. Use fewer WORKERS (now $WORKERS) or a machine with more memory. ${last}"
  elif disk_is_full || [[ -n "$(last_match 'No space left on device' "$RUN_DIR/build.log")" ]]; then
    echo "make $TARGET failed with exit code $1: the disk is full. Give the VM a larger disk, or let the" \
      "job write less. ${last}"
  elif (($1 == 137)); then
    echo "make $TARGET was killed (exit code 137, signal 9), as the kernel does when memory runs out." \
      "Use fewer WORKERS (now $WORKERS) or a machine with more memory."
  else
    echo "make $TARGET failed with exit code $1${last:+: $last}"
  fi
}

# oom_kills VARIABLE: how many processes the kernel has killed for lack of memory since boot.
oom_kills() {
  local count
  count="$(grep '^oom_kill ' /proc/vmstat 2>/dev/null)" || count="oom_kill 0"
  printf -v "$1" '%d' "${count#oom_kill }"
}
