#!/usr/bin/env bash
# The first process of a process-mode VM and the leader of its process group. It runs the startup script ($1), and stays
# when that has ended: a machine stays on. Its standard input is a pipe that the local cloud holds open; the first line
# on it says that this boot is on record, so that nothing runs that a watchdog would not find.
trap : TERM HUP INT # a handler, not '': an ignored signal would stay ignored in the script
read -r _ || exit 0

if [ -s "$1" ]; then
  bash "$1" </dev/null
  printf 'startup-script exit status %d\n' "$?"
else
  printf 'No startup scripts to run.\n'
fi
read -r _
