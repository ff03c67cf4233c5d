# shellcheck shell=bash
# The programs that were executed, by their hashes, for the outcome.

# note_executed NAME=FILE…
note_executed() {
  tool executed "$@" >>"$RUN_DIR/executed.jsonl"
}

# sha256_of FILE: prints its hash.
sha256_of() {
  tool executed "file=$1" | grep -Eo '[0-9a-f]{64}'
}
