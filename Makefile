# What a contributor runs. `make ci` is what must pass before a merge.

FUZZTIME ?= 30s
ROUNDS   ?= 10
RUNS     ?= 1000
BIN      := $(CURDIR)/bin

# The package whose tests kill processes, in the module of the integration tests.
KILLTEST := internal/integration/killtest

# Commands see one module at a time, as a user's do, whatever make work has written.
export GOWORK = off

.DEFAULT_GOAL := help
.PHONY: help test short race lint fuzz bench torture proofs work release ci

help: ## print this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { sub(/%/, "NAME", $$1); printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## run the tests of the module
	go test ./...

short: ## the same, with a sample of the fault matrix
	go test -short ./...

race: ## the tests under the race detector
	go test -race ./...

lint: ## the linters (the first time builds them: about two minutes)
	GOBIN=$(BIN) go -C internal/tools install tool
	$(BIN)/golangci-lint run ./...

fuzz: ## every fuzz target of every module, FUZZTIME=30s each
	FUZZTIME=$(FUZZTIME) .ci/fuzz

bench: ## compare speed and memory with plain net/http
	go run ./internal/bench/cmd

torture: ## every test ROUNDS=10 times in random order, then RUNS=1000 onboardings that are killed
	go test -race -shuffle=on -count=$(ROUNDS) -timeout=0 ./...
	go -C $(KILLTEST) test -run TestRandomKills -v -count=1 -timeout=0 . -runs $(RUNS)

proof-%: ## run the tests behind one promise and print their counts; make proofs lists the names
	@.ci/proof $*

proofs: ## list the names for make proof-NAME
	@.ci/proof || true

work: ## write a go.work over all modules, for editors; git ignores it
	.ci/work

release: ## prepare a release: make release VERSION=v0.1.0
	@.ci/release $(VERSION)

ci: ## every check of every module; installs nothing, names at the end what it skipped
	bash .ci/run --no-install
