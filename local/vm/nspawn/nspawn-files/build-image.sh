#!/usr/bin/env bash
# Builds the image $1 from the apt sources on standard input, unless it is there; the rest are arguments for mmdebstrap.
# Holds a lock while it does; the image appears whole or not at all.
set -euo pipefail
image=$1
shift
exec 9>"$image.lock"
flock 9
[[ ! -d $image ]] || exit 0
rm -rf --one-file-system "$image.partial"
mmdebstrap --mode=root --variant=minbase "$@" "$image.partial" -
mv "$image.partial" "$image"
