# shellcheck shell=bash
# The Rust toolchain, by rustup.

readonly RUST_SECONDS=1200
readonly RUSTUP_ARCHIVE=https://static.rust-lang.org/rustup/archive

# install_rust: makes sure that cargo of version RUST is there. In a step's own shell.
install_rust() {
  use_job_home
  PATH="$HOME/.cargo/bin:$PATH"
  if has_rust; then
    say "Rust $RUST is on this disk already"
    return
  fi
  if ! command -v rustup >/dev/null; then install_rustup; fi
  as_job_logged "$RUST_SECONDS" rustup toolchain install "$RUST" --profile minimal \
    || fail_provisioning "$?" "rustup cannot install Rust $RUST" "See startup_detail.log."
}

# install_rustup: nothing that comes from the network is run unless its hash is known beforehand.
install_rustup() {
  [[ -n $RUSTUP_VERSION ]] || fail provisioning 1 "There is no rustup on the VM, and provision.rustup does not pin one:" \
    "give it a version and a sha256, or add rustup to provision.apt where the image's Debian has it."
  local installer="$RUN_DIR/rustup-init" machine url found
  machine="$(uname -m)"
  url="$RUSTUP_ARCHIVE/$RUSTUP_VERSION/$machine-unknown-linux-gnu/rustup-init"
  run_logged 300 curl --proto '=https' --tlsv1.2 -sSfL --retry 5 -o "$installer" "$url" \
    || fail_provisioning "$?" "rustup cannot be fetched from $url" "See startup_detail.log."
  note_executed "rustup-init=$installer"
  found="$(sha256_of "$installer")"
  [[ $found == "$RUSTUP_SHA256" ]] \
    || fail provisioning 1 "$url has the sha256 $found, and provision.rustup says $RUSTUP_SHA256. It was not run."
  chmod 755 "$installer"
  as_job_logged "$RUST_SECONDS" "$installer" -y --no-modify-path --profile minimal --default-toolchain none \
    || fail_provisioning "$?" "rustup cannot be installed" "See startup_detail.log."
}

has_rust() {
  local version
  version="$(RUSTUP_TOOLCHAIN="$RUST" "${AS_JOB[@]}" rustc --version 2>/dev/null)" || return 1
  [[ $RUST == stable || $version == "rustc $RUST"[.\ ]* ]]
}
