# shellcheck shell=bash
# Debian packages, with the repair that a disk needs after an interrupted boot.

readonly APT_SECONDS=1800
readonly APT_TRIES=3
readonly APT_LOCK_SECONDS=600

install_packages() {
  if is_stamped apt "${APT_PACKAGES[*]}"; then
    say "packages are on this disk already: ${APT_PACKAGES[*]}"
    return
  fi
  local try
  for ((try = 1; try <= APT_TRIES; try++)); do
    if apt_get update && apt_get install "${APT_PACKAGES[@]}"; then
      stamp apt "${APT_PACKAGES[*]}"
      return
    fi
    say "apt-get failed (try $try of $APT_TRIES)"
    if ((try < APT_TRIES)); then repair_packages "$try"; fi
  done
  fail_provisioning 100 "The packages ${APT_PACKAGES[*]} cannot be installed"
}

# apt_get VERB ARGS…: waits for the lock, which the image's own updates hold at boot.
apt_get() {
  DEBIAN_FRONTEND=noninteractive run_logged "$APT_SECONDS" apt-get "$1" -y \
    -o "DPkg::Lock::Timeout=$APT_LOCK_SECONDS" "${APT_OPTIONS[@]}" "${@:2}"
}

APT_OPTIONS=()

# repair_packages TRY: loads the package lists again, into a new directory so that none is deleted, and completes what
# was interrupted.
repair_packages() {
  install -d -m 755 "$RUN_DIR/apt-lists"
  mkdir -p "$RUN_DIR/apt-lists/partial"
  APT_OPTIONS=(-o "Dir::State::Lists=$RUN_DIR/apt-lists")
  run_logged "$APT_SECONDS" dpkg --configure -a || true
  apt_get install --fix-broken || true
  sleep "$(($1 * $1))"
}
