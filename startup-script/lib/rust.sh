# shellcheck shell=bash
# The Rust toolchain, by rustup.

readonly RUST_SECONDS=1200

# install_rust: makes sure that cargo of version RUST is there.
install_rust() {
  PATH="$HOME/.cargo/bin:$PATH"
  if has_rust; then
    say "Rust $RUST is on this disk already"
    return
  fi
  if command -v rustup >/dev/null; then
    run_logged "$RUST_SECONDS" rustup toolchain install "$RUST" --profile minimal \
      || fail "$?" "rustup cannot install Rust $RUST. See startup_detail.log."
    return
  fi
  local installer="$RUN_DIR/rustup-init.sh"
  run_logged 300 curl --proto '=https' --tlsv1.2 -sSf --retry 5 -o "$installer" https://sh.rustup.rs \
    || fail "$?" "rustup cannot be fetched from https://sh.rustup.rs. See startup_detail.log."
  local options=(-y --no-modify-path --profile minimal --default-toolchain "$RUST")
  run_logged "$RUST_SECONDS" sh "$installer" "${options[@]}" \
    || fail "$?" "rustup cannot install Rust $RUST. See startup_detail.log."
}

has_rust() {
  local version
  version="$(RUSTUP_TOOLCHAIN="$RUST" rustc --version 2>/dev/null)" || return 1
  [[ $RUST == stable || $version == "rustc $RUST"[.\ ]* ]]
}
