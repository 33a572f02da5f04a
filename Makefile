# `make demo` and `make test` do all their own set-up in .venv; they need python3 (>= 3.11) and a package index.
PYTHON ?= python3
SCALE  ?= 1
ARGS   ?=
BIN    := .venv/bin
BUILT  := src/heliobus/web/static/index.html
PEERS  := .venv/peers/growattServer-1.2.3 .venv/peers/growattServer-2.2.0
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo types frontend test cover lint format docs site pictures bench prove lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: .venv/app.stamp $(if $(shell command -v npm),$(BUILT)) ## simulated houses, recorded and shown live on a local page
	$(BIN)/heliobus demo $(ARGS)

types: .venv/dev.stamp ## the front end's types of the API, made anew
	$(BIN)/python frontend/api_types.py

frontend: $(BUILT) ## the living page, built with npm into src/heliobus/web/static; without it there is /plain

test: .venv/dev.stamp $(PEERS) ## the whole suite, long proofs at a hundredth of their count
	$(BIN)/pytest --numprocesses logical --maxprocesses 8 --dist worksteal $(ARGS)

cover: .venv/dev.stamp ## which lines and branches no test reaches
	$(BIN)/coverage run -m pytest --quiet $(ARGS)
	$(BIN)/coverage report

lint: .venv/dev.stamp ## style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/dev.stamp ## sort imports, fix what can be fixed, format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/dev.stamp ## make the tables of docs/reference that come from code anew
	$(BIN)/python -m tests.docs.generate

site: .venv/docs.stamp ## the documentation as a web site in build/site; a link that leads nowhere is an error
	$(BIN)/zensical build --strict --clean

pictures: .venv/dev.stamp $(BUILT) ## take the pictures of docs/img anew (needs chromium)
	HELIOBUS_PICTURES=docs/img $(BIN)/pytest tests/browser/test_pictures.py --quiet

bench: .venv/dev.stamp ## figures beside those of the peers
	$(BIN)/python -m benchmarks $(ARGS)

prove: .venv/dev.stamp ## the long proofs, one line each; SCALE=0.1 does a tenth
	$(BIN)/pytest -m prove --scale $(SCALE) --timeout 7200 -p no:randomly --quiet $(ARGS)

# Hashes only: no download address stands in a lock file, so any mirror serves.  ARGS=--upgrade takes newer versions.
LOCK := $(BIN)/uv pip compile pyproject.toml --extra app --universal --python-version 3.11 --generate-hashes \
	--quiet --custom-compile-command 'make lock' $(ARGS)
lock: .venv/dev.stamp ## make requirements/*.lock anew
	$(LOCK) --group build --output-file requirements/app.lock
	$(LOCK) --group dev --constraints requirements/app.lock --output-file requirements/dev.lock
	$(LOCK) --group docs --constraints requirements/dev.lock --output-file requirements/docs.lock

# Further versions of a package that the foreign clients' tests have in another: they cannot lie beside the first.
.venv/peers/%: requirements/%.lock | .venv/dev.stamp
	$(PIP) install --no-deps --require-hashes --requirement $< --target $@

clean: ## remove everything that make and the checks have made
	rm -rf src/heliobus/web/static frontend/node_modules .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

# --ignore-scripts: nothing of what is installed runs before it is asked to.
$(BUILT): frontend/node_modules/.package-lock.json $(shell find frontend/src frontend/*.* src/heliobus/web/texts \
		src/heliobus/web/assets src/heliobus/web/drawings.json -type f)
	cd frontend && npm run --silent build

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --silent
	@touch $@

.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "heliobus needs Python 3.11 or newer as $(PYTHON); name another one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments; install its venv package (Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

# The heliobus in .venv is this checkout.  Its build backend comes from the lock, so nothing is fetched past the hashes.
.venv/%.stamp: requirements/%.lock pyproject.toml | .venv/made.stamp
	$(PIP) install --require-hashes --requirement $<
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
