# shellcheck shell=bash
# How long an outage of the cloud is endured, in seconds, by what would be lost. Minutes of the VM cost less than a
# run does; but an end at which everything fails must be over within MARGIN_SECONDS, when the VM goes off.

readonly RETRY_SECONDS="${VICINITY_RETRY_SECONDS:-300}"
readonly RESULTS_SECONDS=$((RETRY_SECONDS * 2))
readonly OUTCOME_SECONDS=$((RETRY_SECONDS * 2))
# Of what is not vital, and of uploads after one that has waited in vain.
readonly BRIEF_SECONDS=$(((RETRY_SECONDS + 4) / 5))

# endure SECONDS: for the tools that run from here on.
endure() {
  export VICINITY_RETRY_SECONDS="$1"
}
