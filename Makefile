# What a contributor runs. `make ci` is what must pass before a merge.

FUZZTIME ?= 30s
ROUNDS   ?= 10
RUNS     ?= 1000
BIN      := $(CURDIR)/bin

.PHONY: test race lint fuzz bench torture ci

test:
	go test ./...

race:
	go test -race ./...

lint:
	GOBIN=$(BIN) go -C internal/tools install tool
	$(BIN)/golangci-lint run ./...

# Every fuzz target of every module, FUZZTIME each.
fuzz:
	FUZZTIME=$(FUZZTIME) .ci/fuzz

bench:
	go run ./internal/bench/cmd

# Every test ROUNDS times, in random order, under the race detector; then RUNS
# onboardings whose processes are killed at random.
torture:
	go test -race -shuffle=on -count=$(ROUNDS) -timeout=0 ./...
	go -C signup/killtest test -run TestTorture -v -count=1 -timeout=0 . -runs $(RUNS)

ci:
	bash .ci/run
