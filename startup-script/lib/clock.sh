# shellcheck shell=bash
# Time. Values are returned in a variable, because whatever prints could be captured with them.

# now_utc VARIABLE: sets it to the time as RFC 3339, UTC.
now_utc() {
  TZ=UTC0 printf -v "$1" '%(%Y-%m-%dT%H:%M:%SZ)T' -1
}

# now_micros VARIABLE: sets it to the time in microseconds.
now_micros() {
  # The decimal sign depends on the locale.
  printf -v "$1" '%s' "${EPOCHREALTIME//[.,]/}"
}
