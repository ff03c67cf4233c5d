# shellcheck shell=bash
# The disk, when it is full: room is kept to tell of it.

readonly BALLAST_BYTES=$((16 << 20))
readonly FULL_KIB=1024

# keep_ballast: takes up room that is given back when there is a failure to tell of.
keep_ballast() {
  head -c "$BALLAST_BYTES" /dev/zero >"$WORK/ballast" || true
}

drop_ballast() {
  rm -f "$WORK/ballast"
}

# disk_is_full: as long as the ballast is kept.
disk_is_full() {
  local available
  available="$(df -Pk "$WORK" | awk 'NR == 2 { print $4 }')"
  ((${available:-$FULL_KIB} < FULL_KIB))
}
