# shellcheck shell=bash
# The job's user. What comes with the source package or from a package index runs as a user without rights,
# as far as this script itself has the rights to do that.

readonly JOB_USER=vicinity-job
readonly JOB_HOME="$WORK/home"
# The only port of the metadata server that hands out tokens; its name server stays reachable.
readonly METADATA_ADDRESS=169.254.169.254
readonly METADATA_ADDRESS6=fd20:ce::254

# In front of a command: what makes it the job's.
AS_JOB=()
JOB_RUNS_AS=
METADATA_IS=open

# prepare_job_user: makes the user, and closes the metadata server to it.
prepare_job_user() {
  mkdir -p "$SRC"
  JOB_RUNS_AS="$(id -un)"
  if ((EUID)) || is_process_mode; then
    # Not a VM of its own: users and packet filters of this computer are not to be touched.
    say "the job runs as $JOB_RUNS_AS, as this script does"
  elif [[ $RUN_AS == root ]]; then
    say "the job runs as root (runAs), and can ask the metadata server for the VM's tokens"
  else
    become_job_user
    close_metadata_server
  fi
  export JOB_RUNS_AS METADATA_IS
}

become_job_user() {
  if ! id "$JOB_USER" >/dev/null 2>&1; then
    run_logged 60 useradd --system --user-group --home-dir "$JOB_HOME" --shell /usr/sbin/nologin "$JOB_USER" \
      || fail_provisioning "$?" "The user $JOB_USER cannot be made" \
        "See startup_detail.log; runAs: root does without."
  fi
  install -d -o "$JOB_USER" -g "$JOB_USER" -m 755 "$JOB_HOME" "$SRC"
  AS_JOB=(setpriv "--reuid=$JOB_USER" "--regid=$JOB_USER" --clear-groups --no-new-privs --)
  JOB_RUNS_AS="$JOB_USER"
  # It may pass through to the tools that it runs, and to nothing else here.
  chmod 711 "$RUN_DIR"
}

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

# is_closed: asks as the job would, for a rule that is accepted may have no effect.
is_closed() {
  local host
  for host in "$METADATA_ADDRESS" "[$METADATA_ADDRESS6]"; do
    if "${AS_JOB[@]}" curl --silent --globoff --noproxy '*' --max-time 5 --output /dev/null "http://$host/"; then
      return 1
    fi
  done
}

close_by_nft() {
  command -v nft >/dev/null || return 1
  local rule="meta skuid \"$JOB_USER\" tcp dport 80 reject"
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
  # Many machines have no IPv6 at all.
  if command -v ip6tables >/dev/null; then reject_by ip6tables "$METADATA_ADDRESS6" || true; fi
}

# reject_by COMMAND ADDRESS
reject_by() {
  local rule=(OUTPUT -p tcp -d "$2" --dport 80 -m owner --uid-owner "$JOB_USER" -j REJECT)
  "$1" -w -C "${rule[@]}" 2>/dev/null || run_logged 60 "$1" -w -I "${rule[@]}"
}

# use_job_home: for a subshell whose commands run as the job.
use_job_home() {
  if ((${#AS_JOB[@]})); then
    export HOME="$JOB_HOME" USER="$JOB_USER" LOGNAME="$JOB_USER"
  fi
}

# end_job_processes: whatever the job has left running, also in sessions of its own.
end_job_processes() {
  if ((${#AS_JOB[@]})); then
    pkill -KILL -u "$JOB_USER" || true
  fi
}

# give_to_job PATH…: so that the job may change them.
give_to_job() {
  if ((${#AS_JOB[@]})); then
    chown -hR "$JOB_USER:$JOB_USER" "$@"
  fi
}
