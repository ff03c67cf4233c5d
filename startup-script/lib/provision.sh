# shellcheck shell=bash
# What the VM needs before make. Packages and the toolchain come while the source is fetched.

fetch_source_and_provision() {
  prepare_job_user
  if ((${#APT_PACKAGES[@]})); then start_step apt install_packages; fi
  if [[ -n $RUST ]]; then start_step rust install_rust; fi
  fetch_source
  # Before anything that came with the package runs, a build by pip too, for the script places files as root.
  if has_state; then
    start_step restore restore_state
    join_step restore
  fi
  give_to_job "$SRC"
  if is_running apt && [[ -n $REQUIREMENTS ]]; then start_step wheels prefetch_requirements; fi
  if ((${#APT_PACKAGES[@]})); then join_step apt; fi
  if [[ -n $REQUIREMENTS ]]; then
    begin_phase python
    await_step wheels
    install_requirements
  fi
  if [[ -n $RUST ]]; then join_step rust; fi
  if [[ -n $NATIVE ]]; then
    begin_phase native
    build_native
  fi
}

fetch_source() {
  begin_phase source
  local package="$RUN_DIR/source.tar.gz"
  run_noting source "$BUCKET" "$SOURCE_SHA256" "$package"
  unpack_source "$package"
  rm "$package"
  run_noting inputs "$BUCKET" "$SRC" "$WORK/inputs"
  say "source $SOURCE_SHA256 is in $SRC"
}

# unpack_source PACKAGE: as the job's user, which cannot write anywhere else.
unpack_source() {
  local faults="$RUN_DIR/unpack.faults"
  "${AS_JOB[@]}" "$PYTHON" -BS "$TOOLS/unpack.py" "$SRC" <"$1" >>"$RUN_DIR/startup_detail.log" 2>"$faults" &
  wait "$!" || fail source 1 "$(paste -s -d ' ' "$faults")"
}

# run_noting TOOL ARGS…: runs the tool; what it complains of is the reason of the failure.
run_noting() {
  local faults="$RUN_DIR/$1.faults"
  tool "$@" >>"$RUN_DIR/startup_detail.log" 2>"$faults" || fail source 1 "$(paste -s -d ' ' "$faults")"
}

build_native() {
  (
    job_environment
    run_logged "$MAX_SECONDS" "${AS_JOB[@]}" make -C "$SRC" -- "$NATIVE"
  ) || fail_provisioning "$?" "make $NATIVE (the native build) failed" \
    "The end of startup_detail.log says why."
}
