SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
# The programs that set-up fetched come last: those on PATH are preferred.
export PATH := $(PATH):$(CURDIR)/.tools/debian/usr/bin:$(CURDIR)/.tools/bin
PYTEST := $(BIN)/python -m pytest --quiet --durations 20
# Tests start programs by the hundred: each would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.ready .tools/.ready prometheus-3 ## Create .venv and fetch the programs of the stack, and a Prometheus 3 for tests

.PHONY: demo
demo: .venv/.ready .tools/.ready ## Run the demo: a day with some twenty incidents, and what the panels showed
	@$(BIN)/simulator demo

.PHONY: up
up: .venv/.ready .tools/.ready ## Run the demo and stay up until Ctrl-C
	@$(BIN)/simulator demo --stay

.PHONY: check
check: .venv/.ready ## Lint, format, types and layers (fast)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said"; exit 1; }
	@echo "check: lint, format, types and layers hold"

.PHONY: test-fast
test-fast: .venv/.ready ## Unit tests and doctests, without the real programs
	@$(PYTEST) -m "not e2e and not slow" --numprocesses auto --dist worksteal

.PHONY: test
test: setup browser check test-fast test-e2e ## Everything: checks, unit tests, doctests, end to end

.PHONY: test-e2e
test-e2e: setup browser ## End-to-end tests with the real programs, three files at a time
	@$(PYTEST) -m "e2e and not slow" --numprocesses 3 --dist loadfile

.PHONY: test-slow
test-slow: setup ## End-to-end tests that take minutes each, two files at a time
	@$(PYTEST) -m slow --numprocesses 2 --dist loadfile

.PHONY: bench
bench: setup ## Run every benchmark
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[bench]'
	@found=0; for script in benchmarks/*.py; do \
	  [[ -f $$script && $$(basename $$script) != _* ]] || continue; \
	  found=1; echo "== $$script"; $(BIN)/python "$$script"; \
	done; [[ $$found == 1 ]] || { echo "no benchmarks/*.py"; exit 1; }

.PHONY: clean
clean: ## Remove everything that was built or fetched
	@rm -rf .venv .tools .run .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache build dist ./*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	       "Name another one: make setup PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot create environments; on Debian or Ubuntu run:" \
	       "sudo apt-get install python3-venv" >&2; exit 2; }
	@echo "setup: creating .venv with $$($(PYTHON) --version)"
	@[[ -x $(BIN)/python ]] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[dev]'
	@touch $@

.tools/.ready: .venv/.ready simulator/runtime/debian.py
	@$(BIN)/simulator stack --install-only
	@mkdir -p $(@D) && touch $@

# A Prometheus 3 is no part of the product: tests give it blocks.
.PHONY: prometheus-3
prometheus-3: .venv/.ready ## Fetch a Prometheus 3 from Debian's next release; where it cannot be had, say so
	@$(BIN)/python -m tests.support.prometheus_3

# The browser is no part of the product: one test looks at a report with it.
.PHONY: browser
browser: ## Install Chromium where it is missing and this is Debian's root; else say so
	@if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; fi; \
	if [[ $$(id -u) == 0 ]] && command -v apt-get >/dev/null; then \
	  echo "setup: installing Chromium"; \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
	    --no-install-recommends chromium >/dev/null && exit 0; \
	fi; \
	echo "setup: no Chromium; the test that looks at a report needs it (apt-get install chromium)"

.PHONY: constraints
constraints: .venv/.ready ## Pin what is installed in .venv as the tested environment
	@{ echo '# Every distribution of the tested environment, pinned. Rewrite: make constraints'; \
	   $(BIN)/python -m pip freeze --disable-pip-version-check --exclude-editable \
	   | grep --extended-regexp '^[A-Za-z0-9._-]+=='; } > constraints.tmp
	@mv constraints.tmp constraints.txt
