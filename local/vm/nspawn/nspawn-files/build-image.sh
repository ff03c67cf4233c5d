#!/usr/bin/env bash
# Builds the image $1, unless it is there, from the lines of sources.list(5) on standard input; without any, from where
# mmdebstrap looks by itself. The rest are arguments for mmdebstrap, the suite last. Holds a lock while it builds; the
# image appears whole or not at all.
set -euo pipefail
image=$1
shift
exec 9>"$image.lock"
flock 9
[[ ! -d $image ]] || exit 0
rm -rf --one-file-system "$image.partial"
sources=$(cat)
from=()
[[ -z $sources ]] || from=(-)
mmdebstrap --mode=root --variant=minbase "$@" "$image.partial" "${from[@]}" <<<"$sources"
mv "$image.partial" "$image"
