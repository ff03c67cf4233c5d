# shellcheck shell=bash
# The pipeline's Python packages, in an environment that stays on the disk.

readonly PIP_SECONDS=3600
readonly VENV="$WORK/venv"

install_requirements() {
  local file="$SRC/$REQUIREMENTS" contents
  [[ -f $file ]] \
    || fail 1 "provision.pythonRequirements names $REQUIREMENTS, which the source package does not have."
  if ! grep -Eqv '^[[:space:]]*(#|$)' "$file"; then
    say "$REQUIREMENTS asks for nothing"
    rm -rf "$VENV" "$WORK/stamps/python"
    return
  fi
  contents="$("$PYTHON" --version)"$'\n'"$(<"$file")"
  if is_stamped python "$contents" && ! names_other_files "$file"; then
    say "the Python packages of $REQUIREMENTS are on this disk already"
    return
  fi
  make_venv
  # In the tree, because pip takes paths in the file from there.
  local pip=("$VENV/bin/python" -m pip install --disable-pip-version-check --no-input)
  (cd "$SRC" && run_logged "$PIP_SECONDS" "${pip[@]}" -r "$file") \
    || fail "$?" "pip cannot install $REQUIREMENTS: $(last_match '^ERROR: ' "$RUN_DIR/startup_detail.log")"
  stamp python "$contents"
}

# names_other_files FILE: whether it includes files (-r, -c, -e, a path), whose contents the stamp does not
# hold.
names_other_files() {
  grep -Eq '^[[:space:]]*(-[rce]|--(requirement|constraint|editable)|\.|/)' "$1"
}

make_venv() {
  rm -rf "$VENV" "$WORK/stamps/python"
  run_logged 300 "$PYTHON" -m venv "$VENV" \
    || fail "$?" "No Python environment can be made: add python3-venv to provision.apt."
}
