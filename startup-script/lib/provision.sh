# shellcheck shell=bash
# What the VM needs before make. Packages, files and the toolchain come while the source is fetched.

fetch_source_and_provision() {
  prepare_job_user
  if ((${#APT_PACKAGES[@]})); then start_step apt install_packages; fi
  if ((${#FILES[@]})); then start_step files install_files; fi
  fetch_source
  # Before any code of the package runs: the state is placed as root.
  if has_state; then
    start_step restore restore_state
    join_step restore
  fi
  export TREE_READY="$RUN_DIR/tree.ready"
  : >"$TREE_READY"
  if [[ -n $SCRIPT ]]; then read_script; fi
  if [[ -n $REQUIREMENTS ]]; then read_requirements; fi
  # A rustup that is not pinned comes with the packages, the files or the script.
  if [[ -n $RUST && -n $RUSTUP_VERSION ]]; then start_step rust install_rust; fi
  if is_running apt && [[ -n $REQUIREMENTS ]]; then start_step wheels prefetch_requirements; fi
  if ((${#APT_PACKAGES[@]})); then join_step apt; fi
  if ((${#FILES[@]})); then join_step files; fi
  if [[ -n $SCRIPT ]]; then
    begin_phase script
    run_script
  fi
  # Before pip: a build may need Rust, and what is kept of Rust must not hold what a build has changed.
  if [[ -n $RUST && -z $RUSTUP_VERSION ]]; then start_step rust install_rust; fi
  if [[ -n $RUST ]]; then join_step rust; fi
  if [[ -n $REQUIREMENTS ]]; then
    begin_phase python
    await_step wheels
    install_requirements
  fi
  if [[ -n $NATIVE ]]; then
    begin_phase native
    build_native
  fi
}

# environment_stamp: prints what the job's environments depend on besides their own packages.
environment_stamp() {
  printf '%s\n' "$JOB_RUNS_AS" "${APT_PACKAGES[*]}" "${FILES[*]}" "$SCRIPT_SHA256"
}

fetch_source() {
  begin_phase source
  local package="$RUN_DIR/source.tar.gz"
  run_noting source source "$BUCKET" "$SOURCE_SHA256" "$package"
  unpack_source "$package"
  rm "$package"
  run_noting source inputs "$BUCKET" "$SRC" "$WORK/inputs"
  say "source $SOURCE_SHA256 is in $SRC"
}

# unpack_source PACKAGE: as the job's user, which cannot write anywhere else.
unpack_source() {
  local faults="$RUN_DIR/unpack.faults"
  as_job "$PYTHON" "${PYTHON_OPTIONS[@]}" "$TOOLS/unpack.py" "$SRC" \
    <"$1" >>"$RUN_DIR/startup_detail.log" 2>"$faults" || fail source 1 "$(paste -s -d ' ' "$faults")"
}

# run_noting CAUSE TOOL ARGS…: what the tool prints as errors is the reason of the failure.
run_noting() {
  local faults="$RUN_DIR/$2.faults"
  tool "${@:2}" >>"$RUN_DIR/startup_detail.log" 2>"$faults" || fail "$1" 1 "$(paste -s -d ' ' "$faults")"
}

build_native() {
  find_make
  run_logged "$MAX_SECONDS" "${MAKE[@]}" -- "$NATIVE" \
    || fail_provisioning "$?" "make $NATIVE (the native build) failed with exit code $?"
}
