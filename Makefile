# make run: play the campaign    make test: the tests    make check: everything a change must pass
# make test-ray: a study on a cluster of Ray (two hundred megabytes)
# Another interpreter: make run PYTHON=python3.12    Other options: make run ARGS="--runs 100"

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
NEEDS := pyproject.toml constraints.txt hatch_build.py $(wildcard client/*.*) $(filter-out %.json,$(wildcard client/src/*))

.PHONY: run test test-ray gate check bench clean

run: .venv/installed
	$(BIN)/khingan run far-east-1945 $(ARGS)

test: .venv/developed
	$(BIN)/python -m pytest $(ARGS)

test-ray: .venv/rayed
	KHINGAN_TEST_RAY=1 $(BIN)/python -m pytest tests/experiment/test_ray.py $(ARGS)

gate: .venv/developed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: gate test

bench: .venv/benched
	@for script in drill where speed scaling; do $(BIN)/python benchmarks/$$script.py || exit 1; echo; done

.venv/benched: .venv/developed
	$(PIP) -c constraints.txt -e '.[dev,bench]'
	@touch $@

.venv/rayed: .venv/developed
	$(PIP) -c constraints.txt -e '.[dev,ray]'
	@touch $@

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make | $(PYTHON) is missing or older than 3.11 | name a newer one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made $(NEEDS)
	@echo "installing khingan and what it needs ..." >&2
	$(PIP) -c constraints.txt -e .
	@touch $@

.venv/developed: .venv/made $(NEEDS)
	@echo "installing khingan and what its tests need ..." >&2
	$(PIP) -c constraints.txt -e '.[dev]'
	@touch .venv/installed $@
