# `make` alone lists everything.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SERVE ?= 1
BIN := .venv/bin

.PHONY: help demo test check format clean browser translations challengers fuzz gallery oracle mutation
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/run.done: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] >= (3, 11) else "Lenity needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Lenity runs on (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/dev.done: .venv/run.done requirements/dev.txt
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/dev.txt
	@touch $@

translations: .venv/run.done
	@$(BIN)/python -m lenity.interfaces.shared.translations compile

demo: translations ## set up, run the main job on real clients, serve the pages (SERVE=0: exit instead)
	@$(BIN)/lenity demo $(if $(filter 0,$(SERVE)),--no-serve,--serve)

browser: # what only the browser tests need; loud when it cannot be had
	@command -v chromium >/dev/null && exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Chromium and Chinese fonts for the browser tests ..."; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk) >/dev/null 2>&1 \
	    || echo "*** Chromium could not be installed: THE BROWSER TESTS WILL BE SKIPPED ***"; \
	else echo "*** No Chromium at /usr/bin/chromium: THE BROWSER TESTS WILL BE SKIPPED ***"; fi

test: .venv/dev.done translations browser ## set up and pass every test, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n 2 -q
	@LENITY_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 0 -q -m database

check: .venv/dev.done ## format, lint, types, floors and rooms
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: .venv/dev.done translations ## ask the API what it allows and what it does not, longer (schemathesis)
	@LENITY_FUZZ=300 $(BIN)/python -m pytest -n 0 -q tests/interfaces/test_api.py

oracle: .venv/dev.done ## ask the gate and its oracle CASES random histories (a million, all cores; SEED=1)
	@$(BIN)/python -m tests.domain.oracle_run $(or $(CASES),1000000) $(or $(SEED),1)

mutation: .venv/dev.done ## change the gate in 1,900 small ways and see whether its tests notice (mutmut, half an hour)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/mutation.txt
	@LENITY_CASES=25 nice $(BIN)/mutmut run
	@$(BIN)/mutmut results
	@$(BIN)/mutmut export-cicd-stats >/dev/null && cat mutants/mutmut-cicd-stats.json

gallery: .venv/dev.done translations browser ## take a picture of every page (docs/screens; PAGES=part OUT=folder: some, elsewhere)
	@LENITY_GALLERY_PAGES='$(PAGES)' LENITY_GALLERY_OUT='$(OUT)' $(BIN)/python -m pytest -n 0 -q tests/gallery.py

challengers: .venv/dev.done ## install what only `lenity score bench` compares with (large)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/challengers.txt

format: .venv/dev.done ## put the code in its format
	$(BIN)/ruff check --fix-only --quiet src tests
	$(BIN)/ruff format --quiet src tests

clean: ## remove what the commands made
	rm -rf .venv var mutants
