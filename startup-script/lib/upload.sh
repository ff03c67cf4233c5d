# shellcheck shell=bash
# Uploading: outputs on success, and as partial results on failure; logs always.

# upload_results: fails if an output could not be stored.
upload_results() {
  local status=0
  if ((JOB_WAS_STARTED && ${#OUTPUTS[@]})); then
    upload outputs "$SRC" "${OUTPUTS[@]}" || status=$?
  fi
  return "$status"
}

# upload_logs NAME…: those that exist.
upload_logs() {
  local name logs=()
  for name in "$@"; do
    if [[ -f $RUN_DIR/$name ]]; then logs+=("$name"); fi
  done
  upload logs "$RUN_DIR" "${logs[@]}"
}

# upload outputs|logs ROOT PATH…: the ledger of what is stored goes into the outcome; what is not stored, into the
# reason.
upload() {
  local status=0
  tool "$1" "$BUCKET" "$RESULTS" "$2" "$RUN_DIR/$1.jsonl" "${@:3}" \
    >"$RUN_DIR/upload.notes" 2>"$RUN_DIR/upload.faults" || status=$?
  say_lines <"$RUN_DIR/upload.notes"
  say_lines <"$RUN_DIR/upload.faults"
  if ((status)); then
    note_failure upload upload "$(head -n 1 "$RUN_DIR/upload.faults")"
    if ((!WAS_STOPPED)); then endure "$BRIEF_SECONDS"; fi
  fi
  return "$status"
}
