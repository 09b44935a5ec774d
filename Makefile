# The verbs of this checkout. Each line calls one script, which says the rest: scripts/NAME.
.PHONY: help demo check test fuzz soak bench bench-micro bench-requests bench-compare bench-build docs fmt check-windows oracle clean
.DEFAULT_GOAL := help

help:           ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
demo:           ## make a project, check it, serve the notes application with a user
	@scripts/demo
check:          ## format, lints and quick tests: before every commit
	@scripts/check
test:           ## everything, on both databases; installs what is missing
	@scripts/test $(ARGS)
fuzz:           ## look further with cargo-fuzz: make fuzz ARGS="json 600"
	@scripts/fuzz $(ARGS)
soak:           ## the same tests at full size: make soak SEED=7 SCALE=50
	@SEED='$(SEED)' SCALE='$(SCALE)' scripts/soak $(ARGS)
bench:          ## load benchmark, side by side: make bench ARGS=--quick
	@scripts/bench $(ARGS)
bench-micro:    ## single steps by the number of their instructions
	@scripts/bench-micro $(ARGS)
bench-requests: ## requests by the number of their instructions, beside code by hand
	@scripts/bench-requests $(ARGS)
bench-compare:  ## this checkout beside a commit: make bench-compare BASE=HEAD~3
	@scripts/bench-compare '$(BASE)' $(ARGS)
bench-build:    ## build times of a new project, beside plain axum's
	@scripts/bench-build $(ARGS)
docs:           ## API documentation, warnings denied
	@scripts/docs
fmt:            ## format everything
	@scripts/fmt
check-windows:  ## type-check for Windows, where its target can be had
	@scripts/check-windows
oracle:         ## put every recording to the reference and to the conformance application
	@scripts/oracle $(ARGS)
clean:          ## remove what builds and tests made
	@scripts/clean
