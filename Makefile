.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
PYTHON_JUDGES := tests/interop/python
NPM_JUDGES := tests/interop/npm
T ?=
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.synced  ## A platform with people in it, on http://localhost:8000; T=--check ends at once
	$(BIN)/cairn demo $(T)

test: .venv/.synced  ## All tests but judges and browsers; T=path or T="path -k word" for some
	$(BIN)/pytest -n auto --dist worksteal -m "not interop and not e2e and not broker and not faults" $(T)

faults: .venv/.synced  ## Kill workers, web, database and broker at random; FAULT_SEED=number has one run again
	$(BIN)/pytest -n 2 --dist worksteal -m faults tests/faults $(T)

e2e: .venv/.synced  ## Walk through pages with a browser; T=path or T="-k word" for some
	$(BIN)/pytest -m e2e tests/journeys $(T)

lint: .venv/.synced  ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=. $(BIN)/python -m django makemigrations --check --dry-run

fix: .venv/.synced  ## Repair what tools can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

interop: .venv/.synced .venv-judges/.synced $(NPM_JUDGES)/node_modules/.synced  ## Ask other implementations about our credentials; T="-k word" for some
	CAIRN_INTEROP=1 $(BIN)/pytest tests/interop $(T)

bench: .venv/.synced  ## Measure hot paths against limits and peers; writes bench/out/latest.json
	$(BIN)/python -m bench.run

docs: .venv/.synced .venv-docs/.synced  ## Write the generated pages, run every example, build docs/_build
	$(BIN)/python docs/generate.py
	$(BIN)/pytest -p no:randomly docs src tests/docs
	.venv-docs/bin/sphinx-build -nW --keep-going -q -b html docs docs/_build

lock: $(UV)  ## Pin every dependency again
	$(COMPILE) --all-extras --group dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --group docs -o requirements/docs.txt
	$(COMPILE) $(PYTHON_JUDGES)/requirements.in -o $(PYTHON_JUDGES)/requirements.txt
	cd $(NPM_JUDGES) && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved \
		--no-audit --no-fund --silent

# Hashes, and no addresses: a lock must not know which registry or mirror it was made with.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate
NEW_VENV = $(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"

$(UV):
	PIP_USER=0 $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --target .tools "uv==0.13.9"

.venv/.synced: $(UV) pyproject.toml requirements/dev.txt
	$(NEW_VENV) .venv
	$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --no-deps --editable .
	@touch $@

.venv-docs/.synced: $(UV) requirements/docs.txt
	$(NEW_VENV) .venv-docs
	$(UV) pip sync --quiet --python .venv-docs --require-hashes requirements/docs.txt
	@touch $@

.venv-judges/.synced: $(UV) $(PYTHON_JUDGES)/requirements.txt
	$(NEW_VENV) .venv-judges
	$(UV) pip sync --quiet --python .venv-judges --require-hashes $(PYTHON_JUDGES)/requirements.txt
	@touch $@

$(NPM_JUDGES)/node_modules/.synced: $(NPM_JUDGES)/package-lock.json
	cd $(NPM_JUDGES) && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

.PHONY: help demo test faults e2e lint fix interop bench docs lock
