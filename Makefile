# What a contributor runs. `make ci` is what must pass before a merge.

FUZZTIME ?= 30s
ROUNDS   ?= 10
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
	go test -run '^$$' -bench . -benchmem ./...

# Every test ROUNDS times, in random order, under the race detector.
torture:
	go test -race -shuffle=on -count=$(ROUNDS) -timeout=0 ./...

ci:
	bash .ci/run
