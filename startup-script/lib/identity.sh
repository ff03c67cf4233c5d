# shellcheck shell=bash
# The attempt that this boot is for, and the claim on it.

IS_CLAIMED=0

# read_identity: sets RUN_ID, ATTEMPT, BUCKET, INSTANCE and the names of the attempt's objects. Exits if no run is
# pending.
read_identity() {
  metadata_get HOLD attributes/VICINITY_HOLD || exit 1
  if [[ -n $HOLD ]]; then cancel_timer; fi
  local name
  for name in RUN_ID ATTEMPT BUCKET; do
    metadata_get "$name" "attributes/$name" || exit 1
  done
  metadata_get INSTANCE name || exit 1
  if [[ -z $RUN_ID ]]; then
    say "No run is pending: the metadata has no RUN_ID."
    exit 0
  fi
  check_identity RUN_ID "$RUN_ID" '^[0-9]{8}-[0-9]{6}-[0-9a-z]{4,8}$'
  check_identity BUCKET "$BUCKET" '^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$'
  if is_task; then read_task; fi
  check_identity ATTEMPT "$ATTEMPT" '^[1-9][0-9]{0,3}$'
  name_objects
  export RUN_ID ATTEMPT BUCKET BOOT_ID
}

# check_identity NAME VALUE PATTERN: without valid values nothing can be claimed or reported.
check_identity() {
  if [[ ! $2 =~ $3 ]]; then
    say "The metadata value $1 is not usable: '${2:0:80}'. No outcome can be recorded;" \
      "the control plane will see the VM stop."
    exit 1
  fi
}

# take_claim: only the boot that holds the claim works on the attempt, once.
take_claim() {
  begin_phase claim
  local answer status=0 begun
  begun="$WORK/attempts/$RUN_ID.${VICINITY_SHARD:+$VICINITY_SHARD.}$ATTEMPT.$BOOT_ID"
  if [[ -d $begun ]]; then leave_to_first_start; fi
  mkdir "$begun"
  tool claim "$BUCKET" "$ATTEMPT_PREFIX" "$BOOT_ID" "$INSTANCE" >"$RUN_DIR/claim" 2>&1 || status=$?
  answer="$(tail -n 1 "$RUN_DIR/claim")"
  case $status in
    0) IS_CLAIMED=1 ;;
    3) say "Run $RUN_ID attempt $ATTEMPT is not this boot's: $answer. Nothing is done." && leave ;;
    *) say "Run $RUN_ID attempt $ATTEMPT cannot be claimed: $answer" && exit 1 ;;
  esac
  say "run $RUN_ID${VICINITY_SHARD:+ shard $VICINITY_SHARD} attempt $ATTEMPT on $INSTANCE: claimed by boot $BOOT_ID"
  if is_task; then forget_earlier_tasks; fi
  find "$WORK/attempts" -mindepth 1 -mtime +14 -exec rm -rf {} +
}

# leave: ends this start of the script, which has nothing to do.
leave() {
  if is_task; then exit "$NOT_MINE"; fi
  exit 0
}
