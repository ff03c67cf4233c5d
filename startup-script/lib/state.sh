# shellcheck shell=bash
# Files that are carried from run to run, and between attempts of an interrupted run.

STATE_PATHS=()

has_state() {
  ((${#STATE_PATHS[@]}))
}

# restore_state: restores what an earlier run or attempt has saved, if anything.
restore_state() {
  local faults="$RUN_DIR/restore.faults"
  tool restore "$BUCKET" "$SRC" "$RUN_DIR" "${STATE_PATHS[@]}" >"$RUN_DIR/restored.json" 2>"$faults" \
    || fail provisioning 1 "$(paste -s -d ' ' "$faults")"
  say "state: $(<"$RUN_DIR/restored.json")"
}

# start_checkpoints: saves the state at intervals while the job runs.
start_checkpoints() {
  start_helper state keep "$BUCKET" "$SRC" "$RUN_DIR" "$CHECKPOINT_SECONDS" "${STATE_PATHS[@]}"
}

# save_state: after a successful job. Results do not depend on it, so a failure only costs time later.
save_state() {
  begin_phase save
  endure "$BRIEF_SECONDS"
  tool state save "$BUCKET" "$SRC" "$RUN_DIR" 0 "${STATE_PATHS[@]}" \
    >"$RUN_DIR/saved.json" 2>"$RUN_DIR/state.faults" || rm -f "$RUN_DIR/saved.json"
  say_lines <"$RUN_DIR/state.faults"
  end_phase
}

# save_last_checkpoint: after a job that was stopped from outside.
save_last_checkpoint() {
  tool state checkpoint "$BUCKET" "$SRC" "$RUN_DIR" 0 "${STATE_PATHS[@]}" 2>&1 | say_lines
}
