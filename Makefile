# Everything that is done in this house. `make` alone says what there is.

SHELL := /bin/bash -euo pipefail
BIN := .venv/bin
RUNTIME := .venv/.installed-runtime
DEVELOPMENT := .venv/.installed-development
# Many tests wait for other processes: twice as many workers as cores keep these busy.
WORKERS ?= $(shell expr 2 \* $$(nproc))
# Many tests start real processes, which start five times as fast from compiled modules.
unexport PYTHONDONTWRITEBYTECODE
COMPILE_LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage lint lint-python page lint-page smoke collected browse bench campaign lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEVELOPMENT) ## Make .venv with everything that working on Everyrun needs, and build the page
	@$(BIN)/python -m scripts.build_web

demo: $(RUNTIME) ## Audit this machine's Python packages by a graph, and serve the page of it
	@$(BIN)/python -m scripts.build_web
	@$(BIN)/python -m examples.environment_audit.demo

test: $(DEVELOPMENT) ## Lint, build and try the page, then run every suite on SQLite and on a real PostgreSQL
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint-python smoke collected lint-page
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

coverage: $(DEVELOPMENT) ## Say which lines and branches no suite reaches (twice the time of the suites)
	@$(BIN)/python -m pytest -q -n $(WORKERS) --cov --cov-report=term

lint: $(DEVELOPMENT) ## Check style, types and the directions of imports, of Python and of the page
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint-python lint-page

lint-python:
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

page:
	@$(BIN)/python -m scripts.build_web

lint-page: page
	@$(BIN)/python -m scripts.build_web check

# The workers of the suites would each compile the tests for themselves, at the same time.
collected:
	@told=$$($(BIN)/python -m pytest --collect-only -q 2>&1) || { echo "$$told"; exit 1; }

smoke: page
	@$(BIN)/python -m scripts.build_web smoke

browse: $(DEVELOPMENT) ## Try the page in Debian's Chromium, against a real server
	@$(BIN)/python -m scripts.build_web browse

bench: $(DEVELOPMENT) ## Measure the costs, each beside the machine's own limit
	@$(BIN)/python -m benchmarks

campaign: $(DEVELOPMENT) ## Kill, fill, cut off and repeat: the long search for a lost event
	@$(BIN)/python -m benchmarks.faults
	@$(BIN)/python -m benchmarks.engine_faults
	@$(BIN)/python -m benchmarks.scheduler_faults
	@$(BIN)/python -m benchmarks.server_faults
	@$(BIN)/python -m benchmarks.api_faults
	@$(BIN)/python -m benchmarks.many_writers
	@$(BIN)/python -m benchmarks.celery_kills
	@$(BIN)/python -m benchmarks.celery_faults
	@EVERYRUN_TEST_HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -n $(WORKERS) -o faulthandler_timeout=0 \
		tests/integration/append tests/integration/store/test_deleting.py

lock: $(DEVELOPMENT) ## Refresh the pinned versions in requirements/
	@echo uv | $(COMPILE_LOCK) - -o requirements/installer.txt
	$(COMPILE_LOCK) pyproject.toml --extra demo --group build -o requirements/runtime.txt
	$(COMPILE_LOCK) pyproject.toml --extra demo --group dev --group build -o requirements/development.txt

clean: ## Remove what was made here, the environment included
	rm -rf .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
		.ruff_cache .everyrun build dist htmlcov output
	rm -rf web/node_modules src/everyrun/server/pages/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt requirements/installer.txt pyproject.toml scripts/prepare
	@scripts/prepare runtime
	@touch $@

# The development lock holds all that the runtime lock holds.
$(DEVELOPMENT): requirements/development.txt requirements/runtime.txt requirements/installer.txt pyproject.toml scripts/prepare
	@scripts/prepare development
	@touch $(RUNTIME) $@
