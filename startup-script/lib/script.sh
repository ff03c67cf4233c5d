# shellcheck shell=bash
# The package's own provisioning script (provision.script): it runs as root, once per content.

readonly SCRIPT_SECONDS=3600
SCRIPT_SHA256=

# read_script: copies the script to where only root can write, before any code of the package runs.
read_script() {
  local copy="$RUN_DIR/provision-script"
  as_job "$(program cat)" -- "$SRC/$SCRIPT" >"$copy" 2>/dev/null || PHASE=script fail provisioning 1 \
    "provision.script names $SCRIPT, which the source package does not have."
  [[ $(head -c 2 "$copy") == '#!' ]] || PHASE=script fail provisioning 1 \
    "provision.script: $SCRIPT has no first line that names its interpreter, such as #!/bin/bash."
  chmod 700 "$copy"
  SCRIPT_SHA256="$(sha256_of "$copy")"
}

# run_script: in the source tree, which no code of the package has touched yet.
run_script() {
  if is_stamped "script.$SCRIPT_SHA256" "$SCRIPT_SHA256"; then
    say "$SCRIPT has run on this disk already"
    return
  fi
  note_executed "$SCRIPT=$RUN_DIR/provision-script"
  (cd "$SRC" && run_logged "$SCRIPT_SECONDS" "$RUN_DIR/provision-script") \
    || fail_provisioning "$?" "$SCRIPT (provision.script) failed with exit code $?"
  stamp "script.$SCRIPT_SHA256" "$SCRIPT_SHA256"
}
