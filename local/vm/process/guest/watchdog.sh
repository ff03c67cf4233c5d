#!/bin/sh
# Ends every process-mode VM below the directory $1 once the local cloud is gone, however it ended: standard input is a
# pipe that only the local cloud holds open. Each <instance>/boot holds "<process group> <start time> <marker>".
cat >/dev/null
for boot in "$1"/*/boot; do
  [ -f "$boot" ] || continue
  read -r group _ marker <"$boot"
  # Children that left the group by setsid still carry the marker in their environment (Linux only).
  for environ in /proc/[0-9]*/environ; do
    grep -qsF "$marker" "$environ" || continue
    pid=${environ#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
  done
  kill -KILL -- "-$group" 2>/dev/null
done
