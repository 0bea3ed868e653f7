# Every target sets itself up: the first run creates .venv, a second one starts at once.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/installed
TESTING := .venv/testing

# The question as it was typed, whatever quotes and dollars it holds: the shell reads it from the environment.
export QUESTION := $(value Q)

.PHONY: setup ask ui test bench

setup: $(SETUP)

# pip comes from $(PYTHON): a virtual environment without its own copy needs neither ensurepip nor a second download.
$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet -r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

ask: setup
	@$(BIN)/nl2sql ask "$$QUESTION"

ui: setup
	@$(BIN)/nl2sql ui

# The page is tested in Debian's Chromium, and by a client of MCP. Without them those tests are skipped; with CI=true they fail.
$(TESTING): tests/requirements.lock $(SETUP)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps -r tests/requirements.lock
	@command -v chromium >/dev/null || test "$$(id -u)" != 0 || { apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } >/dev/null 2>&1 || true
	@touch $@

test: setup $(TESTING)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

bench: setup
	$(BIN)/python -m nl2sql.eval.bench
