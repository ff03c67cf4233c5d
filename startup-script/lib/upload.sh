# shellcheck shell=bash
# Uploading: outputs on success, and as partial results on failure; logs always.

# upload_results: fails if anything could not be stored.
upload_results() {
  local status=0
  if ((JOB_WAS_STARTED && ${#OUTPUTS[@]})); then
    upload "$SRC" outputs "${OUTPUTS[@]}" || status=$?
  fi
  return "$status"
}

# upload_logs NAME…: of those that there are.
upload_logs() {
  local name logs=()
  for name in "$@"; do
    if [[ -f $RUN_DIR/$name ]]; then logs+=("$name"); fi
  done
  upload "$RUN_DIR" logs "${logs[@]}"
}

# upload ROOT LEDGER PATH…: what is stored goes into the outcome by the ledger, what is not into the reason.
upload() {
  local root="$1" ledger="$2" status=0
  tool outputs "$BUCKET" "results/$RUN_ID" "$root" "$RUN_DIR/$ledger.jsonl" "${@:3}" \
    >"$RUN_DIR/upload.notes" 2>"$RUN_DIR/upload.faults" || status=$?
  say_lines <"$RUN_DIR/upload.notes"
  say_lines <"$RUN_DIR/upload.faults"
  if ((status)); then
    note_failure upload upload "$(head -n 1 "$RUN_DIR/upload.faults")"
    if ((!WAS_STOPPED)); then endure "$BRIEF_SECONDS"; fi
  fi
  return "$status"
}
