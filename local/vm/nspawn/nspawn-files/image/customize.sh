#!/usr/bin/env bash
# Makes of a Debian root ($1) what an image for Compute Engine is.
set -euo pipefail
cp -rT "$(dirname "$0")/files" "$1"
: >"$1/etc/machine-id" # systemd makes one at the first boot.
mkdir -p "$1/var/log/journal" "$1/etc/local-cloud"
touch "$1"/etc/local-cloud/{environment,ca-certificates.crt}
# What mmdebstrap has put there of this computer.
rm -f "$1"/etc/{hostname,resolv.conf,apt/apt.conf.d/99mmdebstrap}
