# shellcheck shell=bash
# The job's user. What comes with the source package or from a package index runs as a user without rights, as far
# as this script has the rights to arrange that.
#
# Root and the job share a machine, and the job can write its home, its Python environment and the source tree. So
# root's PATH has none of these: the job's PATH and HOME are set behind the change of user (AS_JOB). Root's Python
# ignores the environment and the user's modules (PYTHON_OPTIONS), and its tools open the job's files without
# following links (tools/tree.py).

readonly JOB_USER=vicinity-job
readonly JOB_HOME="$WORK/home"
readonly METADATA_ADDRESS=169.254.169.254
readonly METADATA_ADDRESS6=fd20:ce::254
# TCP ports of the metadata server that are probed once it is closed. The rule itself rejects all but DNS.
readonly METADATA_PORTS=(80 443 8080)
# curl's exit status for a connection that is refused.
readonly REFUSED=7

# What stands in front of a command to make it the job's: the change of user, and behind it the job's environment.
AS_JOB=()
CHANGE_USER=()
JOB_RUNS_AS=
# UID:GID of the files that the tools create for the job; empty: this script's own.
JOB_OWNER=
METADATA_IS=open

# prepare_job_user: creates the user, denies it the metadata server, and gives it empty directories. Nothing of
# an earlier run is left in them: a run must not be able to plant code for the next.
prepare_job_user() {
  JOB_RUNS_AS="$(id -un)"
  if ((EUID)) || is_process_mode; then
    # This is not a VM of its own: users and packet filters of this computer are not to be changed.
    say "the job runs as $JOB_RUNS_AS, as this script does"
  elif [[ $RUN_AS == root ]]; then
    say "the job runs as root (runAs), and can ask the metadata server for the VM's tokens"
  else
    become_job_user
    close_metadata_server
  fi
  rm -rf "$SRC" "$JOB_HOME" "$VENV" "$WHEELS"
  make_for_job "$SRC" "$JOB_HOME"
  set_as_job
  export JOB_RUNS_AS JOB_OWNER METADATA_IS
}

become_job_user() {
  if ! id "$JOB_USER" >/dev/null 2>&1; then
    run_logged 60 useradd --system --user-group --home-dir "$JOB_HOME" --shell /usr/sbin/nologin "$JOB_USER" \
      || fail_provisioning "$?" "The user $JOB_USER cannot be created" \
        "See startup_detail.log. runAs: root does without."
  fi
  CHANGE_USER=("$(program setpriv)" "--reuid=$JOB_USER" "--regid=$JOB_USER" --clear-groups --no-new-privs --)
  JOB_RUNS_AS="$JOB_USER"
  JOB_OWNER="$(id -u "$JOB_USER"):$(id -g "$JOB_USER")"
  end_job_processes
  find /tmp /var/tmp -xdev -user "$JOB_USER" -delete || say "Not all old files of $JOB_USER could be deleted."
  # The job may pass through to the tools that it runs, and to nothing else here.
  chmod 711 "$RUN_DIR"
}

# make_for_job DIRECTORY…
make_for_job() {
  local owner=()
  if ((${#CHANGE_USER[@]})); then owner=(-o "$JOB_USER" -g "$JOB_USER"); fi
  install -d "${owner[@]}" -m 755 "$@"
}

# set_as_job: sets AS_JOB. In the job's PATH come first what provisioning has installed for it.
set_as_job() {
  local path="$PATH"
  if ((${#FILES[@]})); then path="$FILES_BIN:$path"; fi
  if [[ -n $RUST ]]; then path="$JOB_HOME/.cargo/bin:$path"; fi
  if has_venv; then path="$VENV/bin:$path"; fi
  AS_JOB=("${CHANGE_USER[@]}" "$(program env)" -u RUN_SPEC -u WAVE -u MAKEFLAGS -u MAKELEVEL -u MFLAGS
  "PATH=$path" "HOME=$JOB_HOME" "USER=$JOB_RUNS_AS" "LOGNAME=$JOB_RUNS_AS")
  if [[ -n $RUST ]]; then AS_JOB+=("RUSTUP_TOOLCHAIN=$RUST"); fi
  if has_venv; then AS_JOB+=("VIRTUAL_ENV=$VENV"); fi
}

# as_job COMMAND…: in the background, because a stop from outside must not wait for a command in the foreground.
as_job() {
  "${AS_JOB[@]}" "$@" <&0 &
  wait "$!"
}

# as_job_logged SECONDS COMMAND…: in the source tree.
as_job_logged() (
  cd "$SRC" || return
  run_logged "$1" "${AS_JOB[@]}" "${@:2}"
)

# close_metadata_server: a job that is not root gets no token of the VM's service account.
close_metadata_server() {
  if { close_by_nft || close_by_iptables; } && is_closed; then
    METADATA_IS=closed
    say "the job runs as $JOB_USER, to whom the metadata server is closed"
  else
    say "the job runs as $JOB_USER; the metadata server cannot be closed to it: nft and iptables are missing, refuse" \
      "or have no effect, and startup_detail.log says why. It can get tokens of the VM's service account." \
      "Use an image that has nftables."
  fi
}

# is_closed: tries to connect as the job would, because a rule that is accepted may have no effect.
is_closed() {
  local host port status
  for host in "$METADATA_ADDRESS" "[$METADATA_ADDRESS6]"; do
    for port in "${METADATA_PORTS[@]}"; do
      status=0
      "${CHANGE_USER[@]}" "$(program curl)" -q --silent --globoff --noproxy '*' --max-time 5 --output /dev/null \
        "http://$host:$port/" || status=$?
      ((status == REFUSED)) || return 1
    done
  done
}

# Name servers are asked by UDP, or by TCP on port 53.
close_by_nft() {
  command -v nft >/dev/null || return 1
  local rule="meta skuid \"$JOB_USER\" tcp dport != 53 reject"
  run_logged 60 nft "
    add table inet vicinity
    delete table inet vicinity
    table inet vicinity {
      chain output {
        type filter hook output priority 0;
        ip daddr $METADATA_ADDRESS $rule
        ip6 daddr $METADATA_ADDRESS6 $rule
      }
    }"
}

close_by_iptables() {
  command -v iptables >/dev/null || return 1
  reject_by iptables "$METADATA_ADDRESS" || return 1
  # Many machines have no IPv6 at all; is_closed finds out.
  if command -v ip6tables >/dev/null; then reject_by ip6tables "$METADATA_ADDRESS6" || true; fi
}

# reject_by COMMAND ADDRESS
reject_by() {
  local rule=(OUTPUT -p tcp -d "$2" ! --dport 53 -m owner --uid-owner "$JOB_USER" -j REJECT)
  "$1" -w -C "${rule[@]}" 2>/dev/null || run_logged 60 "$1" -w -I "${rule[@]}"
}

# end_job_processes: ends whatever the job has left running. run.py has ended the descendants of each command; this
# also finds what others started for the job's user.
end_job_processes() {
  if ((${#CHANGE_USER[@]})); then
    tool end_user "${JOB_OWNER%:*}" || say "Processes of $JOB_USER cannot be ended."
  fi
}
