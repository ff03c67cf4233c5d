# shellcheck shell=bash
# How long an outage of the cloud is tolerated, in seconds, depending on what would be lost. Minutes of the VM cost less
# than a run. But even if every request fails, the end must be over within MARGIN_SECONDS, when the VM powers off.

readonly RETRY_SECONDS="${VICINITY_RETRY_SECONDS:-300}"
readonly RESULTS_SECONDS=$((RETRY_SECONDS * 2))
readonly OUTCOME_SECONDS=$((RETRY_SECONDS * 2))
# For what is not vital, and for uploads after one that has waited in vain.
readonly BRIEF_SECONDS=$(((RETRY_SECONDS + 4) / 5))

# endure SECONDS: sets how long the tools retry from here on.
endure() {
  export VICINITY_RETRY_SECONDS="$1"
}
