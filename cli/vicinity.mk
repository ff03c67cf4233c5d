# Remote runs for a pipeline's Makefile, which includes this file:
#   include node_modules/vicinity-control-plane/cli/vicinity.mk
#
#   make categories_remote WORKERS=32 STATES=massachusetts
#   make pipeline_remote MACHINE_TYPE=c4d-highcpu-96 TELEMETRY_INTERVAL=30
#
# pipeline_remote also copies the outputs into their own directories. make fails if the run failed; partial results are
# pulled all the same. Ctrl-C detaches, and the run continues. Works with GNU make 3.81, which macOS ships.

# The first target of the including Makefile stays the default goal.
vicinity_default_goal := $(.DEFAULT_GOAL)

# The command, for instance `npx vicinity`.
VICINITY ?= vicinity
# Variables that become parameters of the run if the environment sets them: the usual ones, and those that vicinity.yaml
# declares. A variable that is given to make itself (make pipeline_remote CUTOFF=60) always becomes a parameter.
VICINITY_PARAMS ?= WORKERS STATES THREADS TELEMETRY_INTERVAL CATEGORY_SHARDS $(vicinity_declared)
# More options of `vicinity run`, and of `vicinity pull` after a good run.
VICINITY_ARGS ?=
VICINITY_PULL_ARGS ?=
# If this is empty, pipeline_remote leaves the outputs in data/categories_results.
VICINITY_FAN_OUT ?= --fan-out

# The only keys of vicinity.yaml in capitals are the names of parameters.
vicinity_declared = $(shell sed 's/\#.*//' vicinity.yaml 2>/dev/null | grep -oE '\b[A-Z][A-Z0-9_]*:' | tr -d ':')
# Given to make, these have options of their own, or are not for the run.
vicinity_own = MACHINE_TYPE PROJECT_ID ZONE INSTANCE_NAME BUCKET VICINITY VICINITY_% vicinity_% MAKE% GNUMAKEFLAGS

vicinity_is_typed = $(filter command,$(firstword $(origin $(1))))
# A variable that only the Makefile sets is not passed on, because the VM has the same Makefile.
vicinity_is_given = $(and $(filter command environment,$(firstword $(origin $(1)))),$($(1)))
vicinity_typed = $(sort $(foreach name,$(.VARIABLES),$(if $(call vicinity_is_typed,$(name)),$(name))))
vicinity_wanted = $(filter-out $(VICINITY_PARAMS) $(vicinity_own),$(vicinity_typed))
# Each name once, in the order in which it is listed first.
vicinity_unique = $(if $(1),$(firstword $(1)) $(call vicinity_unique,$(filter-out $(firstword $(1)),$(1))))

vicinity_quoted = '$(subst ','\'',$(1))'
vicinity_param = $(if $(call vicinity_is_given,$(1)),--param $(call vicinity_quoted,$(1)=$($(1))))
vicinity_params = $(foreach name,$(call vicinity_unique,$(VICINITY_PARAMS) $(vicinity_wanted)),$(call vicinity_param,$(name)))
vicinity_machine = $(if $(call vicinity_is_given,MACHINE_TYPE),--machine-type $(call vicinity_quoted,$(MACHINE_TYPE)))
# BUCKET and the like of the environment may be another program's.
vicinity_global = $(if $(call vicinity_is_typed,$(2)),$(1) $(call vicinity_quoted,$($(2))))
vicinity_place = $(strip $(call vicinity_global,--project,PROJECT_ID) $(call vicinity_global,--zone,ZONE) \
  $(call vicinity_global,--instance,INSTANCE_NAME) $(call vicinity_global,--bucket,BUCKET))
vicinity_run_args = $(strip $(vicinity_params) $(vicinity_machine) $(VICINITY_ARGS) $(vicinity_place))

# The run is followed and pulled by its id, because others may start runs meanwhile. Exit status of `vicinity watch`: 0 for
# a good run, 1 for a failed one (there may be partial results); otherwise there is no finished run to pull.
# $(1): the target, $(2): options of the pull of a good run.
define vicinity_remote
@$(VICINITY) push $(vicinity_place)
@run_id=$$($(VICINITY) run --target $(1) $(vicinity_run_args)) || exit $$?; \
$(VICINITY) watch $$run_id $(vicinity_place); status=$$?; \
case $$status in \
0) $(VICINITY) pull $$run_id $(2) $(vicinity_place) ;; \
1) $(VICINITY) pull $$run_id $(vicinity_place); exit 1 ;; \
*) exit $$status ;; \
esac
endef

.PHONY: categories_remote pipeline_remote vicinity_status vicinity_logs

categories_remote: ## Run d_anchor_category on the VM and pull its results
	$(call vicinity_remote,d_anchor_category,$(VICINITY_PULL_ARGS))

pipeline_remote: ## Run the whole pipeline on the VM, and pull its results into their own directories
	$(call vicinity_remote,all,$(VICINITY_FAN_OUT) $(filter-out $(VICINITY_FAN_OUT),$(VICINITY_PULL_ARGS)))

vicinity_status: ## Show the newest run
	@$(VICINITY) status

vicinity_logs: ## Show the log of the newest run
	@$(VICINITY) logs

.DEFAULT_GOAL := $(vicinity_default_goal)
