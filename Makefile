# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 4
ROUNDS ?= 10
SEQUENCES ?= 10000
PROCESSES ?= 2
SEED ?= $(shell date +%s)
EXAMPLE ?= menuiserie-lenoir

.PHONY: help install demo test format lint types floors tests bench docs pages site docs-check catalogs lock wheel clean fuzz soak year

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(READY) ## Install, then run the example from export to outbox (folder demo/)
	@tools/demo $(EXAMPLE)

test: $(READY) ## Install, then pass every gate: format, lint, types, floors, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(WORKERS)

install: $(READY) ## Install into .venv from the lock, with hashes

$(READY): requirements-dev.txt pyproject.toml tools/install
	@tools/install

format: $(READY) ## Format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY) ## ruff only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY) ## mypy only
	$(BIN)/mypy --strict

floors: $(READY) ## import-linter only
	$(BIN)/lint-imports

tests: $(READY) ## pytest only
	$(BIN)/pytest -n $(WORKERS)

fuzz: $(READY) ## The property tests with other examples, ROUNDS times (minutes)
	for round in $$(seq $(ROUNDS)); do \
		seed=$$RANDOM; echo "seed $$seed"; \
		$(BIN)/pytest -n $(WORKERS) tests/property --hypothesis-profile=fuzz --hypothesis-seed=$$seed; \
	done

soak: $(READY) ## The proof of delivery with SEQUENCES random sequences from SEED on; writes docs/reliability.md
	cd tests && ../$(BIN)/python -m proof.soak $(SEQUENCES) $(SEED) $(PROCESSES)

year: $(READY) ## A year of 500 debtors, day by day; prints the seconds and what happened
	cd tests && ../$(BIN)/python -m proof.year

bench: $(READY) ## Speed and memory, as ratios to a floor measured in the same run
	$(BIN)/python bench/run.py

docs: pages site ## Write the generated pages and build the site in both languages, offline

pages: $(READY) ## Write the generated pages: configuration, procedures, CLI, errors
	$(BIN)/python tools/docs.py

site: $(READY) ## Build the documentation into site/, broken links being errors
	$(BIN)/python tools/site/build.py

docs-check: $(READY) ## Say whether the generated pages are current
	$(BIN)/python tools/docs.py --check
	$(BIN)/python tools/catalogs.py --check

catalogs: $(READY) ## Extract, update and compile the operators' translations
	$(BIN)/python tools/catalogs.py

LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

lock: $(READY) ## Lock the dependencies again, with hashes
	$(LOCK) --output-file requirements.txt pyproject.toml
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

wheel: $(READY) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## Remove what the other targets made
	rm -rf $(VENV) demo site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
