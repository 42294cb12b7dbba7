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
CODE  := $(wildcard *.go) claim client cmd demo desk eval evidence examples imaging intake order policy report samples screening server store $(wildcard web/*.go)
# Packages whose tests are quick enough to run again under the race detector. Those on SQLite are left
# to test-long: the database, itself translated from C, takes minutes to build and is slow under it.
RACE  := ./report/... ./screening/... ./imaging ./imaging/pdq ./imaging/heif ./imaging/jpeg ./eval ./claim ./order ./policy/...
# Public pictures, where they are laid beside this repository; see CONTRIBUTING.md.
DATA  := ../shared/data

SAMPLE_SEED ?= 1
TRAVEL      ?= 2
FUZZTIME    ?= 60s
COUNT       ?= 5
LISTEN      ?= 127.0.0.1:8080

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The console needs Node 20.19 or newer; without it everything else still builds.
# tools/services.sh fetches one into build/node.
export PATH := $(CURDIR)/$(BUILD)/node/bin:$(PATH)
HAVE_NODE = node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null

.PHONY: console
console: ## build the console (web/), which the binary embeds; says so where Node is missing
	@if $(HAVE_NODE); then $(MAKE) --no-print-directory web/dist/index.html; \
	else echo "Node.js 20.19 or newer is not here; the binary is built without the console."; fi

.PHONY: console-test
console-test: build ## the console's types, style, unit tests, and its story in a real Chromium
	@if $(HAVE_NODE); then cd web && npm run --silent check && npm run --silent e2e; \
	else echo "Node.js 20.19 or newer is not here; the console is not tested."; fi

.PHONY: shots
shots: build ## pictures of every screen into build/shots: two widths, themes, languages (minutes)
	cd web && npm run --silent shots

.PHONY: console-speed
console-speed: build ## how fast the console is in Chromium, with the demo's claims and CLAIMS=100000 more (minutes)
	go build -o $(BUILD)/fill ./cmd/fill
	@cd web && CLAIMS=$(or $(CLAIMS),100000) node e2e/speed-desks.mjs

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error

web/dist/index.html: web/node_modules/.package-lock.json web/index.html web/vite.config.ts web/package.json $(shell find web/src web/public -type f 2>/dev/null)
	cd web && npm run --silent build

.PHONY: build
build: console ## build the binary, build/evenhand
	@mkdir -p $(BUILD)
	CGO_ENABLED=0 go build -trimpath -ldflags "-X main.stamp=$(VERSION)" -o $(BIN) ./cmd/evenhand

.PHONY: run
run: build ## start the claims desk with a made-up marketplace; Ctrl-C ends it
	@$(BIN) serve --demo --data $(BUILD)/demo --listen $(LISTEN)

.PHONY: example
example: ## four claims over the API alone, against what make run started
	go run ./examples/first-claims -server http://$(LISTEN) -demo $(BUILD)/demo/demo.json

.PHONY: inspect
inspect: build ## the instruments alone: draw a product, inspect a forged and an honest claim about it
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

.PHONY: services
services: ## what tests need beside Go, where it can be had: PostgreSQL, an S3 server, Node, Chromium
	@tools/services.sh

.PHONY: test
test: services format-check lint ## everything that must pass: format, vet, linter, tests, race detector, console
	@$(MAKE) --no-print-directory console-test
	go test -timeout 15m ./...
	@if [ "$$(go env CGO_ENABLED)" = 1 ]; then \
		echo "go test -race -short $(RACE)"; go test -race -short -timeout 40m $(RACE); \
	else \
		echo "The race detector was left out: it needs a C compiler, and there is none here."; \
	fi

.PHONY: test-long
test-long: ## all tests, none shortened, under the race detector (needs a C compiler); 100,000 moves against the guarantees
	EVENHAND_LONG=1 EVENHAND_MOVES=100000 go test -timeout 60m -run 'Hostile|Missed' -v ./desk
	go test -race -timeout 60m ./...

.PHONY: mutants
mutants: ## take each enforcement of the nine guarantees away; a test must go red for each (a quarter of an hour)
	go run ./cmd/mutants

.PHONY: bench
bench: ## the speed figures, COUNT=5 runs of each
	@mkdir -p $(BUILD)
	go test -run '^$$' -bench . -benchmem -count $(COUNT) -timeout 60m \
		./screening ./screening/reference ./imaging ./imaging/pdq | tee $(BUILD)/bench.txt
	go test -run '^$$' -bench 'FileToSettled' -benchtime 5000x -timeout 60m ./store | tee -a $(BUILD)/bench.txt
	go test -run '^$$' -bench 'Pgbench|Screened' -benchtime 60x -timeout 60m ./store | tee -a $(BUILD)/bench.txt
	go test -run '^$$' -bench 'Reads' -benchtime 1000x -timeout 60m ./store | tee -a $(BUILD)/bench.txt
	go test -run '^$$' -bench 'Endpoints' -benchtime 1000x -timeout 60m ./server | tee -a $(BUILD)/bench.txt
	go test -run '^$$' -bench 'NearMillion' -timeout 60m ./desk/examine | tee -a $(BUILD)/bench.txt

.PHONY: compare
compare: ## what screening and first views cost here and at BASE=commit, in turns in one run, ROUNDS=7 (minutes)
	@if [ -z "$(BASE)" ]; then echo "Say what to compare with: make compare BASE=<commit>"; exit 1; fi
	go run ./cmd/compare -base $(BASE) -rounds $(or $(ROUNDS),7)

.PHONY: eval
eval: build ## the accuracy tables, on samples and on public pictures where present
	@if [ ! -d $(DATA) ]; then echo "$(DATA) is not here: measuring on drawn pictures alone."; fi
	go run ./eval/mkpairs -data $(DATA) -out $(BUILD)/pairs
	$(BIN) eval --travel $(TRAVEL) --misses $(BUILD)/pairs/*

.PHONY: chaos
chaos: ## kill the server 30 times under load on each database, and count what is left (minutes)
	go run ./cmd/chaos -kills $(or $(KILLS),30)

.PHONY: attack
attack: ## ten minutes of every attack at once under 1 GB of memory, honest callers beside it (FOR=10m)
	go run ./cmd/attack -for $(or $(FOR),10m)

.PHONY: fuzz
# Where signatures are checked, coverage differs from run to run, and making an input smaller would take all the time.
fuzz: ## each fuzz target for FUZZTIME=60s
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s $$package; \
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

.PHONY: outdated
outdated: ## newer versions of what go.mod, tools/go.mod and web/package.json ask for themselves (docs/dependencies.md)
	@for folder in . tools; do \
		(cd $$folder && go list -m -f '{{if not (or .Indirect .Main)}}{{.Path}}{{end}}' all 2>/dev/null) | while read -r module; do \
			(cd $$folder && go list -m -u -e -f '{{if .Update}}{{printf "%-52s %-14s %s" .Path .Version .Update.Version}}{{end}}' "$$module" 2>/dev/null) || true; \
		done; \
	done
	@if $(HAVE_NODE); then cd web && npm outdated || true; fi

.PHONY: clean
clean: ## remove build/
	rm -rf $(BUILD)
