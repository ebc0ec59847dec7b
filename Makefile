# Everything a person does with this repository. `make` alone lists it.

PYTHON ?= python3
BIN := .venv/bin
APP := .venv/.app-installed
DEV := .venv/.dev-installed
ASSETS := src/arengo/web/static/vendor/.copied
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
BENCHES := $(wildcard tests/bench/bench_*.py)

.DEFAULT_GOAL := help
.PHONY: help start demo setup models check test test-ray needs bench docs clean

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: setup models  ## Run Arengo on this machine: http://127.0.0.1:8000
	$(BIN)/arengo serve

demo: setup models  ## See a live sitting of the Comune di Pero, invented, with captions
	$(BIN)/arengo demo

setup: $(APP) $(ASSETS)  ## Install what Arengo needs into .venv and node_modules

models: $(APP)
	@echo "→ speech model (142 MB the first time)"
	@$(BIN)/arengo models fetch whisper-base

$(APP): requirements/app.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Serve Python 3.11 o successivo: make PYTHON=python3.11 …")'
	@echo "→ Python packages, from requirements/app.txt"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python scripts/install.py requirements/app.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(APP) requirements/dev.txt
	@echo "→ Python packages of the tests, from requirements/dev.txt"
	@$(BIN)/python scripts/install.py requirements/dev.txt
	@touch $@

$(ASSETS): package-lock.json scripts/assets.mjs
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Serve Node 20 o successivo: https://nodejs.org"; exit 1; }
	@echo "→ style, fonts and player, from package-lock.json"
	@npm ci --no-audit --no-fund --loglevel=error
	@npm run --silent assets
	@touch $@

check: $(DEV)  ## Format, lint, types, imports, migrations: under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	ARENGO_DATA=.venv/check $(BIN)/python manage.py makemigrations --check --dry-run
	ARENGO_DATA=.venv/check $(BIN)/python manage.py check

needs:
	@scripts/needs.sh

# Tests that start processes measure time, so they have the cores to themselves.
test: needs check $(ASSETS) models  ## Check, then every test: on SQLite, then again on PostgreSQL
	$(BIN)/pytest -q -n 2 -m "not processes and not browser"
	$(BIN)/pytest -q -n 2 -m browser
	$(BIN)/pytest -q -m "processes and not browser"
	ARENGO_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 -m "database and not browser"

test-ray: $(DEV) models  ## Two Ray nodes, one of them killed: on a quiet machine
	RAY_NODES=1 $(BIN)/pytest -q tests/servers/test_executor.py

docs: $(DEV)  ## Check that settings, links and glossary are documented
	$(BIN)/pytest -q tests/contracts -k "document or docs"

bench: $(DEV) models  ## Measure every figure against its goal (long)
	@status=0; for bench in $(BENCHES); do echo "== $$bench"; $(BIN)/python $$bench || status=1; done; exit $$status

bench-%: $(DEV) models  ## Measure one, for example make bench-captions
	$(BIN)/python tests/bench/bench_$*.py

clean:  ## Forget everything that make installed (recordings in var/ stay)
	rm -rf .venv node_modules src/arengo/web/static/vendor
