# make help lists what there is. Everything needs Go, make and git alone; what
# is fetched comes through the Go module proxy. All output goes to build/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The version is stamped below; Go's own stamping fails in a checkout that
# belongs to another user, as containers often have it.
export GOFLAGS := $(GOFLAGS) -buildvcs=false
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

BUILD := build
BIN   := $(BUILD)/evenhand
TOOL  := go tool -modfile=tools/go.mod
# Folders with Go code of this module, for the formatter.
CODE  := $(wildcard *.go) cmd eval evidence imaging report samples screening
# Packages whose tests are quick enough to run again under the race detector.
RACE  := ./cmd/... ./report/... ./screening/... ./imaging ./imaging/pdq ./imaging/heif ./imaging/jpeg ./eval
# Public pictures, where they are laid beside this repository; see CONTRIBUTING.md.
DATA  := ../shared/data

SAMPLE_SEED ?= 1
TRAVEL      ?= 2
FUZZTIME    ?= 60s
COUNT       ?= 5

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build the binary, build/evenhand
	@mkdir -p $(BUILD)
	CGO_ENABLED=0 go build -trimpath -ldflags "-X main.stamp=$(VERSION)" -o $(BIN) ./cmd/evenhand

.PHONY: run
run: build ## see it work: draw a product, inspect a forged and an honest claim about it
	@echo "Drawing a product and photographing it (half a minute the first time) ..."
	@$(BIN) samples --seed $(SAMPLE_SEED) --product mug $(BUILD)/samples
	@$(BIN) inspect --html $(BUILD)/report.html \
		--reference $(BUILD)/samples/mug/listing.jpg --reference $(BUILD)/samples/mug/packing.jpg \
		$(BUILD)/samples/mug/forged-1.jpg $(BUILD)/samples/mug/honest-1.jpg
	@echo
	@echo "Open the report in a browser:  file://$(CURDIR)/$(BUILD)/report.html"

.PHONY: samples
samples: build ## draw all sample products into build/samples (minutes)
	$(BIN) samples --seed $(SAMPLE_SEED) $(BUILD)/samples

.PHONY: test
test: format-check lint ## everything that must pass: format, vet, linter, tests, race detector
	go test -timeout 15m ./...
	@if [ "$$(go env CGO_ENABLED)" = 1 ]; then \
		echo "go test -race -short $(RACE)"; go test -race -short -timeout 15m $(RACE); \
	else \
		echo "The race detector was left out: it needs a C compiler, and there is none here."; \
	fi

.PHONY: test-long
test-long: ## all tests, none shortened, under the race detector (needs a C compiler)
	go test -race -timeout 60m ./...

.PHONY: bench
bench: ## the speed figures, COUNT=5 runs of each
	@mkdir -p $(BUILD)
	go test -run '^$$' -bench . -benchmem -count $(COUNT) -timeout 60m \
		./screening ./screening/reference ./imaging ./imaging/pdq | tee $(BUILD)/bench.txt

.PHONY: eval
eval: build ## the accuracy tables, on samples and on public pictures where present
	@if [ ! -d $(DATA) ]; then echo "$(DATA) is not here: measuring on drawn pictures alone."; fi
	go run ./eval/mkpairs -data $(DATA) -out $(BUILD)/pairs
	$(BIN) eval --travel $(TRAVEL) --misses $(BUILD)/pairs/*

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME=60s
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

.PHONY: lint
lint: ## go vet and staticcheck
	go vet ./...
	$(TOOL) staticcheck ./...

.PHONY: fmt
fmt: ## format the code
	$(TOOL) gofumpt -w $(CODE)

.PHONY: format-check
format-check:
	@unformatted="$$($(TOOL) gofumpt -l $(CODE))"; \
	if [ -n "$$unformatted" ]; then echo "Not formatted (make fmt does it):"; echo "$$unformatted"; exit 1; fi

.PHONY: vuln
vuln: ## known vulnerabilities in what the binary is built from (needs vuln.go.dev)
	@$(TOOL) govulncheck ./... || { status=$$?; \
		if [ $$status -ne 3 ]; then echo "govulncheck could not run: it fetches its database from https://vuln.go.dev; is that reachable from here?" >&2; fi; \
		exit $$status; }

.PHONY: clean
clean: ## remove build/
	rm -rf $(BUILD)
