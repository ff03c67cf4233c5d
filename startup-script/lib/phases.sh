# shellcheck shell=bash
# Phases: what the run is doing, and how long each part took.

PHASE=
PHASE_BEGAN=0

# begin_phase NAME: ends the previous phase.
begin_phase() {
  end_phase
  PHASE="$1"
  now_micros PHASE_BEGAN
  local at
  now_utc at
  # Renamed into place, so that the heartbeat never reads half a line.
  printf '%s %s\n' "$PHASE" "$at" >"$RUN_DIR/phase.new"
  mv "$RUN_DIR/phase.new" "$RUN_DIR/phase"
}

end_phase() {
  if [[ -n $PHASE && $PHASE_BEGAN -gt 0 ]]; then
    local now
    now_micros now
    record_phase "$PHASE" "$((now - PHASE_BEGAN))"
    PHASE_BEGAN=0
  fi
}

# record_phase NAME MICROSECONDS
record_phase() {
  local millis=$(($2 / 1000))
  print_line "[timer] $1 $(((millis + 500) / 1000))s"
  printf '{"name": "%s", "seconds": %d.%03d}\n' "$1" "$((millis / 1000))" "$((millis % 1000))" \
    >>"$RUN_DIR/phases.jsonl"
}
