# shellcheck shell=bash
# The end of the script, whatever its cause: results and outcome first, then messages, and the power-off last.

readonly STOPPED_UPLOAD_SECONDS=20

# finish: the EXIT trap.
finish() {
  local status=$?
  trap - ERR EXIT
  set +e
  settle "$status"
  stop_work
  if ((IS_CLAIMED && WAS_STOPPED)); then
    save_partial_results
  elif ((IS_CLAIMED)); then
    report "$status"
    status=$EXIT_CODE
  fi
  stop_helper heartbeat
  power_off
  exit "$status"
}

# stop_work: ends the steps and the job, and then the helpers that follow them.
stop_work() {
  stop_helper state # First, because it records what the job is writing.
  local pid works=()
  for pid in $(jobs -p); do
    [[ " ${HELPER_PIDS[*]} " == *" $pid "* ]] || works+=("$pid")
  done
  if ((${#works[@]})); then stop_processes "${works[@]}"; fi
  end_job_processes
  stop_helper console
  stop_helper telemetry
  stop_helper logship
  stop_helper stopping
}

# report STATUS: uploads, then records the outcome, then publishes it. The exit status is the job's; if the job
# succeeded, that of the upload.
report() {
  EXIT_CODE="$1"
  end_phase
  begin_phase upload
  local status=0
  endure "$RESULTS_SECONDS"
  upload_results || status=$?
  upload_logs build.log startup_detail.log telemetry.csv || status=$?
  end_phase
  say "uploaded build.log to gs://$BUCKET/$RESULTS"
  ((EXIT_CODE)) || EXIT_CODE=$status
  if ((EXIT_CODE)); then
    write_startup_error
    upload_logs startup_error.txt
  fi
  upload_logs serial.log || ((EXIT_CODE)) || EXIT_CODE=1
  endure "$OUTCOME_SECONDS"
  if record_outcome; then publish_outcome; fi
  say_outcome
}

# save_partial_results: the VM is being stopped from outside before the job has ended. No outcome is written, because
# only the control plane knows whether this is a cancellation, a preemption or a mistake. It finds the claim without
# an outcome, and the VM off. Logs and partial results are uploaded as far as the shutdown window allows.
save_partial_results() {
  endure "$STOPPED_UPLOAD_SECONDS"
  say "The VM is being stopped from outside in phase $PHASE: saving logs and partial results."
  upload_logs build.log startup_detail.log telemetry.csv serial.log
  if ((JOB_WAS_STARTED)) && has_state; then save_last_checkpoint; fi
  upload_results
}
