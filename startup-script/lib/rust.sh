# shellcheck shell=bash
# The Rust toolchain, by rustup.

readonly RUST_SECONDS=1200
readonly RUSTUP_ARCHIVE=https://static.rust-lang.org/rustup/archive

# install_rust: makes sure that cargo of version RUST is there, in the job's home.
install_rust() {
  local stamp
  stamp="$(printf '%s\n' "$(environment_stamp)" "$RUST" "$RUSTUP_VERSION")"
  if unpack_kept rust "$stamp" "$JOB_HOME" || has_rust; then
    say "Rust $RUST is on this disk already"
    return
  fi
  as_job "$(program mkdir)" -p "$JOB_HOME/.cargo" "$JOB_HOME/.rustup"
  if ! as_job rustup --version >/dev/null 2>&1; then install_rustup; fi
  as_job_logged "$RUST_SECONDS" rustup toolchain install "$RUST" --profile minimal \
    || fail_provisioning "$?" "rustup cannot install Rust $RUST"
  keep rust "$stamp" "$JOB_HOME" .cargo .rustup
}

# install_rustup: nothing that comes from the network runs unless its hash is known beforehand.
install_rustup() {
  [[ -n $RUSTUP_VERSION ]] || fail provisioning 1 "There is no rustup on the VM, and provision.rustup does not pin" \
    "one: give it a version and a sha256, or add rustup to provision.apt where the image's Debian has it."
  local installer="$RUN_DIR/rustup-init" url
  url="$RUSTUP_ARCHIVE/$RUSTUP_VERSION/$(uname -m)-unknown-linux-gnu/rustup-init"
  fetch_verified "$url" "$RUSTUP_SHA256" "$installer" provision.rustup
  note_executed "rustup-init=$installer"
  chmod 755 "$installer"
  as_job_logged "$RUST_SECONDS" "$installer" -y --no-modify-path --profile minimal --default-toolchain none \
    || fail_provisioning "$?" "rustup cannot be installed"
}

has_rust() {
  local version
  version="$(as_job rustc --version 2>/dev/null)" || return 1
  [[ $RUST == stable || $version == "rustc $RUST"[.\ ]* ]]
}
