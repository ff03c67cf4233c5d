# shellcheck shell=bash
# The outcome. It is in the bucket before it is published, so a lost message costs minutes and not the truth.

# record_outcome: needs EXIT_CODE.
record_outcome() {
  END_PHASE="done"
  CAUSE='exit'
  REASON=
  if ((EXIT_CODE)); then read_failure; fi
  now_utc FINISHED_AT
  export EXIT_CODE END_PHASE CAUSE REASON STARTED_AT FINISHED_AT WORKERS VCPUS MEMORY_BYTES
  tool outcome "$BUCKET" "$RUN_DIR" 2>"$RUN_DIR/outcome.faults"
  local status=$?
  say_lines <"$RUN_DIR/outcome.faults"
  return "$status"
}

# read_failure: sets END_PHASE, CAUSE and REASON.
read_failure() {
  { read -r END_PHASE && read -r CAUSE && IFS= read -r REASON; } <"$RUN_DIR/failure"
  if [[ -z ${REASON:-} ]]; then
    END_PHASE="${END_PHASE:-$PHASE}" CAUSE=script
    REASON="The reason could not be recorded: perhaps the disk is full."
  fi
}

# publish_outcome: without a topic (unusable metadata) the sweep finds the outcome. Of a task, Batch publishes the end: a
# thousand shards must not wake the control plane a thousand times.
publish_outcome() {
  if is_task || [[ -z $FINISHED_TOPIC ]]; then return; fi
  endure "$RETRY_SECONDS"
  tool publish "$FINISHED_TOPIC" 2>"$RUN_DIR/publish.faults"
  say_lines <"$RUN_DIR/publish.faults"
}

# say_outcome: the last word on the console.
say_outcome() {
  say "run $RUN_ID attempt $ATTEMPT: exit code $EXIT_CODE, phase $END_PHASE${REASON:+: $REASON}"
}

# write_startup_error: what failed, where, and the last lines of the log that says why.
write_startup_error() {
  local log=startup_detail.log at
  read_failure
  if [[ $END_PHASE == make ]]; then log=build.log; fi
  if [[ $END_PHASE == upload ]]; then log=serial.log; fi
  now_utc at
  {
    echo "Run $RUN_ID attempt $ATTEMPT failed at $at in phase $END_PHASE with exit code $EXIT_CODE."
    printf '%s\n\nThe last lines of %s:\n' "$REASON" "$log"
    quote tail "$RUN_DIR/$log" 40
  } >"$RUN_DIR/startup_error.txt"
}
