# shellcheck shell=bash
# Time. Values are returned in a variable, because command substitution would capture other output as well.

# now_utc VARIABLE: sets it to the current time in RFC 3339, UTC.
now_utc() {
  TZ=UTC0 printf -v "$1" '%(%Y-%m-%dT%H:%M:%SZ)T' -1
}

# now_micros VARIABLE: sets it to the current time in microseconds.
now_micros() {
  # The decimal sign depends on the locale.
  printf -v "$1" '%s' "${EPOCHREALTIME//[.,]/}"
}
