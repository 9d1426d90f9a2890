# What people type here; `make` alone lists it.
#
# Python 3.11 to 3.13, make and git are enough. Everything else goes into .venv.

.DEFAULT_GOAL := help
.PHONY: help run test lint fix bench clean

VENV := .venv
PYTHON := $(VENV)/bin/python
T ?=
N ?= 0

export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A stamp is named by what was installed, so that a changed list installs again and an unchanged one does nothing.
RUN_STAMP := $(VENV)/.run-$(shell cat requirements.txt constraints.txt | cksum | cut -d ' ' -f 1)
DEV_STAMP := $(VENV)/.dev-$(shell cat requirements.txt requirements-dev.txt constraints.txt | cksum | cut -d ' ' -f 1)
# Checks that load the settings keep their data folder out of yours.
CHECKING := DATA_DIR=$(CURDIR)/build/lint

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## set up and start everything: web, worker, scheduler (PORT=8000 DATA_DIR=./var)
	@exec $(PYTHON) -m astria_clone.supervisor

test: $(DEV_STAMP) ## run every test this machine can run (one part: T=tests/prompts; N=2 processes)
	@$(PYTHON) -m tools.run_tests --processes $(N) $(T)

lint: $(DEV_STAMP) ## ruff, mypy, import contracts, missing migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(CHECKING) $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(CHECKING) $(PYTHON) manage.py makemigrations --check --dry-run

fix: $(DEV_STAMP) ## format, and repair what ruff can repair
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(DEV_STAMP) ## measure against the floors and write bench/results
	@$(PYTHON) -m bench

clean: ## remove caches and test leftovers; .venv and your data stay
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -path ./$(VENV) -prune -o -path ./var -prune -o -name __pycache__ -type d -exec rm -rf {} +

$(DEV_STAMP): | $(PYTHON)
	@sh tools/install $(PYTHON) requirements-dev.txt
	@touch $(RUN_STAMP) $@

$(RUN_STAMP): | $(PYTHON)
	@sh tools/install $(PYTHON) requirements.txt
	@touch $@

$(PYTHON):
	@sh tools/make_venv $(VENV)
