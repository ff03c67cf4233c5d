# shellcheck shell=bash
# The engine: the VM that is switched on for a run and off after it, or a task of a Batch job, which is one attempt at
# one shard. Batch owns the machine of a task: it may give it to another task of the job, and deletes it in the end. So
# a task neither powers the machine off nor relies on anything that an earlier task has left.

# Exit status of a task that has done nothing. Batch must not take it for a success.
readonly NOT_MINE=3

# is_task: whether this is a task of a Batch job.
is_task() {
  [[ ${VICINITY_ENGINE:-} == batch ]]
}

# read_task: sets VICINITY_SHARD, ATTEMPT and VICINITY_SHARD_PARAMS from the wave object, by the index of the task.
# Needs RUN_ID and BUCKET.
read_task() {
  check_identity WAVE "${WAVE:-}" '^[1-9][0-9]{0,3}$'
  check_identity BATCH_TASK_INDEX "${BATCH_TASK_INDEX:-}" '^(0|[1-9][0-9]{0,4})$'
  local fields="$RUN_DIR/task" name value
  tool wave "$BUCKET" "$RUN_ID" "$WAVE" "$BATCH_TASK_INDEX" >"$fields" 2>"$RUN_DIR/task.faults" || {
    say "Task $BATCH_TASK_INDEX of wave $WAVE of run $RUN_ID is not known: $(paste -s -d ' ' "$RUN_DIR/task.faults")"
    exit 1
  }
  while IFS= read -r -d '' name && IFS= read -r -d '' value; do
    case $name in
      SHARD) VICINITY_SHARD="$value" ;;
      ATTEMPT) ATTEMPT="$value" ;;
      PARAMS) VICINITY_SHARD_PARAMS="$value" ;;
    esac
  done <"$fields"
  check_identity SHARD "${VICINITY_SHARD:-}" '^[a-z0-9-]{1,63}$'
  export VICINITY_SHARD VICINITY_SHARD_PARAMS
}

# name_objects: sets where this attempt keeps its claim, heartbeat and outcome, and its results.
name_objects() {
  ATTEMPT_PREFIX="runs/$RUN_ID/attempt-$ATTEMPT"
  RESULTS="results/$RUN_ID"
  if is_task; then
    ATTEMPT_PREFIX="shards/$RUN_ID/$VICINITY_SHARD/attempt-$ATTEMPT"
    RESULTS="results/$RUN_ID/shards/$VICINITY_SHARD/attempt-$ATTEMPT"
  fi
  export ATTEMPT_PREFIX
}

# forget_earlier_tasks: logs and ledgers of other tasks on this machine. prepare_job_user empties the source tree.
forget_earlier_tasks() {
  find "$WORK" -mindepth 1 -maxdepth 1 -name 'run.*' ! -path "$RUN_DIR" -exec rm -rf {} +
}
