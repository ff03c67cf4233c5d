# shellcheck shell=bash
# The pipeline's Python packages, in an environment that stays on the disk.

readonly PIP_SECONDS=3600
readonly VENV="$WORK/venv"
readonly WHEELS="$WORK/wheels"

install_requirements() {
  local file="$SRC/$REQUIREMENTS"
  [[ -f $file ]] \
    || fail provisioning 1 "provision.pythonRequirements names $REQUIREMENTS, which the source package does not have."
  if ! asks_for_packages; then
    say "$REQUIREMENTS asks for nothing"
    rm -rf "$VENV" "$WORK/stamps/python"
  elif has_requirements; then
    say "the Python packages of $REQUIREMENTS are on this disk already"
  else
    install_packages_of "$file"
  fi
}

install_packages_of() {
  [[ -e $RUN_DIR/venv.is.new ]] || make_venv \
    || fail_provisioning "$?" "No Python environment can be made" "Add python3-venv to provision.apt."
  pip install --find-links "$WHEELS" -r "$1" \
    || fail_provisioning "$?" "pip cannot install $REQUIREMENTS" "$(last_match '^ERROR: ' "$RUN_DIR/startup_detail.log")"
  stamp python "$(requirements_stamp)"
  rm -rf "$WHEELS"
}

# prefetch_requirements: downloads what pip will need while Debian's packages are being installed. Only what
# need not be built, since a build may need those; where it fails, nothing is lost.
prefetch_requirements() {
  if [[ -f $SRC/$REQUIREMENTS ]] && asks_for_packages && ! has_requirements && make_venv; then
    pip download --quiet --dest "$WHEELS" --only-binary :all: -r "$SRC/$REQUIREMENTS" || true
  fi
}

asks_for_packages() {
  grep -Eqv '^[[:space:]]*(#|$)' "$SRC/$REQUIREMENTS"
}

has_requirements() {
  is_stamped python "$(requirements_stamp)" && ! names_other_files "$SRC/$REQUIREMENTS"
}

requirements_stamp() {
  printf '%s\n' "$JOB_RUNS_AS" "$("$PYTHON" --version)" "$(<"$SRC/$REQUIREMENTS")"
}

# names_other_files FILE: whether it includes files (-r, -c, -e, a path), whose contents the stamp does not
# hold.
names_other_files() {
  grep -Eq '^[[:space:]]*(-[rce]|--(requirement|constraint|editable)|\.|/)' "$1"
}

make_venv() {
  rm -rf "$VENV" "$WHEELS" "$WORK/stamps/python"
  mkdir "$VENV" "$WHEELS"
  give_to_job "$VENV" "$WHEELS"
  as_job_logged 300 "$PYTHON" -m venv "$VENV" && touch "$RUN_DIR/venv.is.new"
}

# pip ARGS…: in the tree, because pip takes paths in a requirements file from there.
pip() {
  as_job_logged "$PIP_SECONDS" "$VENV/bin/python" -m pip "$1" --disable-pip-version-check --no-input "${@:2}"
}
