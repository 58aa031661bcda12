# make plan: set everything up and make the plan, anew while nothing is logged.
# make test: everything that CI runs.

PYTHON ?= python3
START  ?= 2026-01-05
HOURS  ?= 12
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: plan test check programs bench golden clean

plan: $(VENV)/installed
	@if $(BIN)/pe-plan log --json 2>/dev/null | grep -q '"kind"'; then \
	  echo "Your plan is in $${PE_PLAN_DIR:-study-plan}, with what you recorded; it stays as it is."; \
	  echo "See it with $(BIN)/pe-plan today, change it with $(BIN)/pe-plan replan."; \
	else \
	  $(BIN)/pe-plan generate --start $(START) --hours $(HOURS) --force; \
	fi

test: programs check

# The one line that CI runs, too.
check: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# What some tests run beside Python. Without root or apt those tests are skipped, and say so.
programs:
	@sh tests/programs.sh

bench: $(VENV)/ready
	$(BIN)/python -m benchmarks

golden: $(VENV)/ready
	$(BIN)/python -m pytest tests/test_golden.py --update-golden

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pe-plan needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/ready: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
