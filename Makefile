.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
T ?=
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.synced  ## Issue, revoke, alter and verify 200 credentials, offline
	$(BIN)/cairn demo

test: .venv/.synced  ## All tests but the judges; T=path or T="path -k word" for some
	$(BIN)/pytest -n auto $(T)

lint: .venv/.synced  ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/.synced  ## Repair what tools can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(UV)  ## Pin every dependency again
	$(COMPILE) --group dev -o requirements/dev.txt

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate --all-extras pyproject.toml

$(UV):
	PIP_USER=0 $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --target .tools "uv==0.13.9"

.venv/.synced: $(UV) pyproject.toml requirements/dev.txt
	$(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --no-deps --editable .
	@touch $@

.PHONY: help demo test lint fix lock
