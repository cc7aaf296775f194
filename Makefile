# gisgov from a checkout. Every target brings what it needs onto a bare machine first (scripts/bootstrap.sh), and
# loses no time with that when it is there already.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

BIN := .venv/bin
need := @scripts/bootstrap.sh

# Rooms held to the types, and everything held to the lint.
TYPED := gisgov api maps fixtures
LINTED := $(TYPED) alembic tests benchmarks scripts

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r target text; do printf '  make %-10s %s\n' "$$target" "$$text"; done

.PHONY: install
install: ## everything gisgov stands on, and nothing else
	$(need)

.PHONY: demo
demo: ## generate a district, run the whole path on it, and serve it (SERVE=0: end after the summary)
	$(need) python postgres fonts web
	@$(BIN)/gisgov demo $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: serve
serve: ## the HTTP service and its pages on http://127.0.0.1:8000
	$(need) python postgres web
	@$(BIN)/gisgov serve

.PHONY: db
db: ## start the private database
	$(need) python postgres
	@$(BIN)/gisgov db start

.PHONY: web
web: ## build the web assets into maps/static
	$(need) python web

.PHONY: test
test: check pytest coverage ## check, then all tests with the coverage gates

.PHONY: check
check: ## lint, types, the import arrow, runnable examples, documents held to the code, the pages' own checks
	$(need) python web
	@$(MAKE) -j2 --output-sync=target lint types pages kernels examples documents

.PHONY: lint types pages kernels examples documents
lint:
	@$(BIN)/ruff check --quiet --output-format concise $(LINTED)
	@$(BIN)/ruff format --quiet --check $(LINTED)
	@$(BIN)/shellcheck scripts/*.sh .ci/run
	@$(BIN)/lint-imports

types:
	@$(BIN)/mypy $(TYPED)

# The pages are held to what the service says of itself, then their parts that need no browser are tried.
pages:
	@$(BIN)/python -W ignore -m scripts.write_openapi web/node_modules/openapi.json
	@scripts/npm.sh run --silent types > /dev/null || scripts/npm.sh run --silent types
	@scripts/npm.sh run --silent test

# Compiled here once, rather than by each worker of the tests under coverage.
kernels:
	@for program in tests/support/*_answers.py tests/support/tile_shapes.py; do $(BIN)/python -W ignore $$program > /dev/null; done

examples:
	@$(BIN)/pytest -q --doctest-modules --override-ini=addopts='--import-mode=importlib --strict-markers' $(TYPED)

documents:
	@$(BIN)/pytest -q tests/docs

.PHONY: pytest
pytest:
	$(need)
	@rm -f .coverage .coverage.*
	@$(BIN)/pytest -n $(or $(WORKERS),auto) --dist worksteal --cov --cov-report= $(if $(filter test,$(MAKECMDGOALS)),--ignore=tests/docs) $(ARGS)

# 100 % of every branch where a wrong answer would be somebody's street, 90 % of everything.
.PHONY: coverage
coverage:
	@$(BIN)/coverage report --fail-under=90 || { echo "coverage: less than 90 % of all rooms"; exit 1; }
	@$(BIN)/coverage report --include='gisgov/geometry/*,gisgov/governance/*' --fail-under=100 || { echo "coverage: less than 100 % of geometry and governance"; exit 1; }

.PHONY: bench
bench: ## measure against peers: ONLY=coverage|zoning|plans|resolve|tiles|events|risk|web|access|audit, QUICK=1
	$(need) python postgres chromium web peers
	@ONLY=$(ONLY) QUICK=$(QUICK) $(BIN)/python -m benchmarks.run

.PHONY: docs
docs: ## rewrite the generated parts of docs/
	$(need) python
	@$(BIN)/python -m scripts.write_docs

.PHONY: wheel
wheel: ## build dist/*.whl and the source archive
	$(need) python web
	@$(BIN)/uv build --no-build-isolation --out-dir dist

.PHONY: lock
lock: upgrade = $(if $(PACKAGES),$(PACKAGES:%=--upgrade-package %),--upgrade)
lock: ## resolve the dependencies of pyproject.toml anew (PACKAGES="…" to upgrade only these)
	$(need) python
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --group dev pyproject.toml -o requirements.lock $(upgrade)
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --group bench -c requirements.lock -o benchmarks/requirements.lock $(upgrade)
	@cd web && npm_config_loglevel=error npm install --package-lock-only --omit-lockfile-registry-resolved

.PHONY: clean
clean: ## remove what was built; the private database stays
	@rm -rf dist out maps/static web/node_modules .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(LINTED) -name __pycache__ -type d -prune -exec rm -rf {} +
