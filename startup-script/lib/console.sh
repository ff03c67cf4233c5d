# shellcheck shell=bash
# The console: what a person sees on the serial port. SERIAL_LOG gets a copy.

readonly CONSOLE_LINE_LENGTH=1000
SERIAL_LOG=/dev/null

# print_line TEXT: prints one line. Long lines are cut, because the script runner breaks the pipe at 64 KiB. A lost
# console is not a failure.
print_line() {
  local line="${1//[$'\n\r']/ }"
  line="${line:0:CONSOLE_LINE_LENGTH}"
  printf '%s\n' "$line" >>"$SERIAL_LOG" || true
  printf '%s\n' "$line" 2>/dev/null || true
}

# say TEXT…: prints a message of this script.
say() {
  print_line "[vicinity] $*"
}

# say_lines: prints every line of standard input as a message.
say_lines() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    say "$line"
  done
}
