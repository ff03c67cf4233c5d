# shellcheck shell=bash
# A full disk: some space is reserved so that a failure can still be reported.

readonly BALLAST_BYTES=$((16 << 20))
readonly FULL_KIB=1024

# keep_ballast: reserves space that drop_ballast frees when a failure is reported.
keep_ballast() {
  head -c "$BALLAST_BYTES" /dev/zero >"$WORK/ballast" || true
}

drop_ballast() {
  rm -f "$WORK/ballast"
}

# disk_is_full: meaningful as long as the ballast is kept.
disk_is_full() {
  local available
  available="$(df -Pk "$WORK" | awk 'NR == 2 { print $4 }')"
  ((${available:-$FULL_KIB} < FULL_KIB))
}
