# chidao: `make register` makes a register of the corpus, `make test` runs every check. Both need Python 3.11 or
# later and nothing else; what they install stays in .venv, and a second run installs nothing.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
INBOX ?= corpus/documents
OUTPUTS ?= outputs
STAMP := .venv/installed
QUIET := -qq --disable-pip-version-check

.PHONY: register test lint format bench lock clean
.DELETE_ON_ERROR:

register: $(STAMP)
	@$(BIN)/chidao run --inbox $(INBOX) --outputs $(OUTPUTS)

test: $(STAMP) lint
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Versions and hashes for every platform and Python, without the addresses of this machine's package index.
lock:
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install $(QUIET) uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --generate-hashes \
	  --upgrade --no-emit-index-url --no-emit-find-links --no-strip-extras --no-header --no-annotate --quiet --output-file requirements.lock
	@! grep -nE '(https?|file)://' requirements.lock

$(STAMP): requirements.lock pyproject.toml scripts/system-packages.sh
	@bash scripts/system-packages.sh
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the Python packages (once, some minutes) ..."
	@$(BIN)/python -m pip install $(QUIET) --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install $(QUIET) --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
