# shellcheck shell=bash
# Stamps: what the reused disk has already, by what it was made from.

# is_stamped NAME TEXT
is_stamped() {
  [[ -f $WORK/stamps/$1 && "$(<"$WORK/stamps/$1")" == "$2" ]]
}

# stamp NAME TEXT
stamp() {
  printf '%s\n' "$2" >"$WORK/stamps/$1"
}
