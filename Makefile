# Every target sets itself up: the first run creates .venv, a second one starts at once.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/installed

# The question as it was typed, whatever quotes and dollars it holds: the shell reads it from the environment.
export QUESTION := $(value Q)

.PHONY: setup ask test bench

setup: $(SETUP)

# pip comes from $(PYTHON): a virtual environment without its own copy needs neither ensurepip nor a second download.
$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet -r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

ask: setup
	@$(BIN)/nl2sql ask "$$QUESTION"

test: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

bench: setup
	$(BIN)/python -m nl2sql.eval.bench
