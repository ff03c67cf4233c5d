# shellcheck shell=bash
# What was executed, by its hash: the outcome tells it.

# note_executed NAME=FILE…
note_executed() {
  tool executed "$@" >>"$RUN_DIR/executed.jsonl"
}

# sha256_of FILE: as it was noted.
sha256_of() {
  tool executed "file=$1" | grep -Eo '[0-9a-f]{64}'
}
