# shellcheck shell=bash
# The pipeline's Python packages, in an environment that is kept on the disk.

readonly PIP_SECONDS=3600
readonly VENV="$WORK/venv"
readonly WHEELS="$WORK/wheels"
REQUIREMENTS_STAMP=

# read_requirements: copies the requirements to where only root can write, before any code of the package runs, and
# sets REQUIREMENTS_STAMP. The job reads the file, so a link in the tree leads to nothing that the job may not see.
read_requirements() {
  as_job "$(program cat)" -- "$SRC/$REQUIREMENTS" >"$RUN_DIR/requirements.txt" 2>/dev/null \
    || PHASE=python fail provisioning 1 \
      "provision.pythonRequirements names $REQUIREMENTS, which the source package does not have."
  REQUIREMENTS_STAMP="$(environment_stamp && "$PYTHON" --version && cat "$RUN_DIR/requirements.txt")"
  # The contents of other files that it names (-r, -c, -e, a path) are known by the hash of the package alone.
  if grep -Eq '^[[:space:]]*(-[rce]|--(requirement|constraint|editable)|\.|/)' "$RUN_DIR/requirements.txt"; then
    REQUIREMENTS_STAMP+=$'\n'"$SOURCE_SHA256"
  fi
}

asks_for_packages() {
  grep -Eqv '^[[:space:]]*(#|$)' "$RUN_DIR/requirements.txt"
}

# has_venv: whether the job finds the environment at VENV.
has_venv() {
  [[ -e $RUN_DIR/venv.is.ready ]]
}

install_requirements() {
  if ! asks_for_packages; then
    say "$REQUIREMENTS asks for nothing"
    return
  elif make_venv_for_job && unpack_kept python "$REQUIREMENTS_STAMP" "$VENV"; then
    say "the Python packages of $REQUIREMENTS are on this disk already"
  else
    install_packages_of "$SRC/$REQUIREMENTS"
    keep python "$REQUIREMENTS_STAMP" "$VENV" .
  fi
  touch "$RUN_DIR/venv.is.ready"
  rm -rf "$WHEELS"
  set_as_job
  # Makefiles of the pipeline call .venv/bin/python.
  [[ -e $SRC/.venv || -L $SRC/.venv ]] || as_job "$(program ln)" -s "$VENV" "$SRC/.venv"
}

install_packages_of() {
  [[ -e $RUN_DIR/venv.is.new ]] || make_venv \
    || fail_provisioning "$?" "No Python environment can be made" "Add python3-venv to provision.apt."
  pip install --find-links "$WHEELS" -r "$1" || fail_provisioning "$?" "pip cannot install $REQUIREMENTS"
}

# prefetch_requirements: downloads what pip will need while Debian's packages are being installed. Packages that have to
# be built wait, because the build may need those. A failure costs only time.
prefetch_requirements() {
  if asks_for_packages && ! is_stamped python "$REQUIREMENTS_STAMP" && make_venv; then
    pip download --quiet --dest "$WHEELS" --only-binary :all: -r "$SRC/$REQUIREMENTS" || true
  fi
}

make_venv() {
  make_venv_for_job
  as_job_logged 300 "$PYTHON" -I -m venv "$VENV" && touch "$RUN_DIR/venv.is.new"
}

# make_venv_for_job: empty directories, unless prefetch_requirements has made them.
make_venv_for_job() {
  if [[ ! -e $RUN_DIR/venv.is.new ]]; then
    rm -rf "$VENV" "$WHEELS"
    make_for_job "$VENV" "$WHEELS"
  fi
}

# pip ARGS…: in the tree, because pip resolves paths in a requirements file from there. -I: no module of the tree
# takes the place of one of pip's.
pip() {
  as_job_logged "$PIP_SECONDS" "$VENV/bin/python" -I -m pip "$1" --disable-pip-version-check --no-input "${@:2}"
}
