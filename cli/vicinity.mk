# Remote runs for a pipeline's Makefile, which includes this file:
#   include node_modules/vicinity-control-plane/cli/vicinity.mk
#
#   make categories_remote WORKERS=32 STATES=massachusetts
#   make pipeline_remote VICINITY_ARGS="--machine-type c4d-highcpu-96"
#
# make fails where the run failed; what it made is pulled all the same. Ctrl-C leaves the run going.
# Works with GNU make 3.81, which macOS ships.

# An including Makefile's own first target stays the default one.
vicinity_default_goal := $(.DEFAULT_GOAL)

# The command, for instance `npx vicinity`.
VICINITY ?= vicinity
# The variables that are passed on as --param, if they were given to make or are set in the environment.
VICINITY_PARAMS ?= WORKERS STATES
# More options of `vicinity run`, and of `vicinity pull` after a good run (such as --fan-out).
VICINITY_ARGS ?=
VICINITY_PULL_ARGS ?=

# A variable that only the Makefile sets is not passed on: the VM has the same Makefile.
vicinity_given = $(filter command environment,$(firstword $(origin $(1))))
vicinity_quoted = '$(subst ','\'',$(1))'
vicinity_param = $(if $(and $(call vicinity_given,$(1)),$($(1))),--param $(call vicinity_quoted,$(1)=$($(1))))
vicinity_params = $(foreach name,$(VICINITY_PARAMS),$(call vicinity_param,$(name)))

# The run is followed and pulled by its id: others may have asked for runs meanwhile. Exit status of `vicinity watch`: 0 done and
# good, 1 the run failed (there may be partial results), anything else: there is no finished run to pull from.
define vicinity_remote
@$(VICINITY) push
@run_id=$$($(VICINITY) run --target $(1) $(strip $(vicinity_params)) $(VICINITY_ARGS)) || exit $$?; \
$(VICINITY) watch $$run_id; status=$$?; \
case $$status in \
0) $(VICINITY) pull $$run_id $(VICINITY_PULL_ARGS) ;; \
1) $(VICINITY) pull $$run_id; exit 1 ;; \
*) exit $$status ;; \
esac
endef

.PHONY: categories_remote pipeline_remote vicinity_status vicinity_logs

categories_remote: ## Run d_anchor_category on the VM and pull its results
	$(call vicinity_remote,d_anchor_category)

pipeline_remote: ## Run the whole pipeline on the VM and pull its results
	$(call vicinity_remote,all)

vicinity_status: ## Show where the newest run stands
	@$(VICINITY) status

vicinity_logs: ## Show the log of the newest run
	@$(VICINITY) logs

.DEFAULT_GOAL := $(vicinity_default_goal)
