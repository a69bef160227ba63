# `make help` lists every target.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

linter := .tools/bin/golangci-lint-v2.15.0
# Every package but the tests of the whole, which have a target of their own.
packages = $$(go list ./... | grep -v '/e2e')
data := $(or $(DATA_DIR),data)

.PHONY: help
help: ## List every target
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Install what is missing, build, and run the product (PORT, DATA_DIR, DATABASE_URL, TIER are honoured)
	@scripts/setup
	@test -x bin/vitrine || echo 'Building Vitrine; the first time takes a minute or two.'
	@$(MAKE) build
	@exec bin/vitrine serve

.PHONY: build
build: ## Build bin/vitrine
	@go build -trimpath -o bin/vitrine .

.PHONY: up
up: ## Run a tier's whole topology on this machine, without containers: make up TIER=10k (PORT, DEMO are honoured)
	@scripts/setup --servers
	@$(MAKE) build
	@go build -o bin/up ./e2e/rig/up
	@bin/up up -tier $(or $(TIER),1k) -port $(or $(PORT),8080) -dir "$(data)"

.PHONY: deploy
deploy: ## Put what is built now in the place of what make up TIER=10k runs, while it is used: make deploy SET="CACHE=fill"
	@$(MAKE) build
	@go build -o bin/up ./e2e/rig/up
	@bin/up deploy -dir "$(data)" $(SET)

.PHONY: down
down: ## End what make up has started; its data stays
	@go build -o bin/up ./e2e/rig/up
	@bin/up down -dir "$(data)"

.PHONY: test
test: ## Install what tests need and run every check: what continuous integration runs
	@scripts/setup --tests
	@scripts/test

.PHONY: test-short
test-short: ## Run the tests of all packages without the race detector, and those of the whole not at all
	@go run ./scripts/testlog -short $(packages)

# The parser of HTML shares nothing between goroutines, and reads every page that the walks look at letter by letter: watching
# it, too, takes a fifth of their processor time.
unraced := -gcflags=golang.org/x/net/html=-race=false

# The package web has by far the most tests. Packages start in the order of the list: as the first of them it runs beside
# all others, as the last of them it would run alone.
.PHONY: test-race
test-race: ## Run the tests of all packages under the race detector
	@go run ./scripts/testlog -race $(unraced) -vet=off -timeout 20m ./web $(packages)

# Four at once, and one that waits: TestAlerts.
.PHONY: e2e
e2e: ## Run the tests of the whole: browser, every page, faults
	@go run ./scripts/testlog -vet=off -timeout 30m -parallel 5 ./e2e/...

.PHONY: lighthouse
lighthouse: ## Hold one page of each kind to its bars, speed included (median of five; needs an idle machine)
	@LIGHTHOUSE_RUNS=5 go test -vet=off -count=1 -timeout 30m -v -run '^TestPages$$/^lighthouse$$' ./e2e

.PHONY: bench
bench: build ## Measure 10k beside 1k with 100,000 works: bench/results/load-10k.md (TIER=1k: that one alone; BENCH adds flags)
	@scripts/setup --servers
	@go run ./bench/load -tier $(or $(TIER),10k) -out bench/results/load-$(or $(TIER),10k).md $(BENCH)

.PHONY: arch
arch: ## Check who imports whom, sizes and forbidden words
	@go run ./scripts/testlog -vet=off -run '^TestArchitecture' ./e2e

.PHONY: lint
lint: ## Run the linters (installs them with `make test` or `scripts/setup --tests`)
	@test -x $(linter) || scripts/setup --tests
	@$(linter) run --timeout 10m

.PHONY: vet
vet: ## Run go vet
	@go vet ./...

.PHONY: fmt
fmt: ## Format Go and templ files
	@gofmt -w $$(git ls-files --cached --others --exclude-standard '*.go')
	@go tool templ fmt web

.PHONY: check-format
check-format: ## Fail when a Go file is not formatted
	@wrong=$$(gofmt -l $$(ls $$(git ls-files --cached --others --exclude-standard '*.go') 2>/dev/null)); \
	if [ -n "$$wrong" ]; then echo "Not formatted (make fmt does it):" >&2; echo "$$wrong" >&2; exit 1; fi

.PHONY: generate
generate: ## Make all generated files anew: templ, assets, and docs/configuration.md
	@go tool templ generate -log-level warn
	@go generate ./...
	@mkdir -p bin && go run . docs >bin/configuration.md && mv bin/configuration.md docs/configuration.md

.PHONY: check-generated
check-generated: ## Fail when a generated file is out of date
	@scripts/check-generated

.PHONY: seed
seed: build ## Fill a running installation's database: make seed WORKS=100000 MEMBERS=5000
	@bin/vitrine seed --works $(or $(WORKS),1000) --members $(or $(MEMBERS),200)

.PHONY: clean
clean: ## Remove what was built; data is not touched
	@rm -rf bin

.PHONY: reset-data
reset-data: ## Delete the data directory, after asking: database, uploads, renditions
	@scripts/reset-data "$(data)"
