# Two commands for everybody: make demo, make test. Both set everything up first.
.DEFAULT_GOAL := help
PYTHON ?= python3
SERVE ?= 1
BIN := .venv/bin

.PHONY: help setup demo test test-browser test-simulation test-long test-oracle test-cluster lint types contracts translations docs picture lock benchmark clean

help:  ## What can be made here
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: .venv/ready  ## Set up .venv with the exact versions of requirements.lock

.venv/ready: requirements.lock requirements-uv.lock pyproject.toml tools/setup.sh $(shell find src -name '*.po')
	@PYTHON=$(PYTHON) sh tools/setup.sh
	@touch $@

demo: setup  ## Simulated company, findings, board pack, web page (SERVE=0 stops before the page)
	@$(BIN)/zaplecze demo demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: setup  ## The tests that everybody runs (under two minutes)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

test-browser: setup  ## The pages in a real browser (needs Debian's chromium)
	@command -v chromium >/dev/null || { echo "The browser tests need Chromium: apt-get install chromium fonts-noto-core"; exit 1; }
	@$(BIN)/python -m pytest -m browser -n 0

test-simulation: setup  ## Do intervals and alarms keep their promises over many simulated worlds? (long; ZAPLECZE_DRAWS=20 for a look)
	@$(BIN)/python -m pytest -m simulation

test-long: setup  ## Whole public data sets from files to findings, and many more drawn examples
	@ZAPLECZE_EXAMPLES=100 $(BIN)/python -m pytest -m "long or hypothesis"

test-cluster: setup  ## On a real Spark cluster a worker dies and the answers stay the same (needs Java 17; minutes)
	@command -v java >/dev/null || { echo "The cluster tests need Java 17: apt-get install openjdk-17-jre-headless"; exit 1; }
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-cluster.lock
	@$(BIN)/python -m pytest tests/cluster -m cluster -n 0

lint: setup  ## Style of the code and the templates
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup  ## Types of the library, strictly
	@$(BIN)/mypy

contracts: setup  ## Imports between the rooms run one way
	@$(BIN)/lint-imports

translations: setup  ## Are the Polish and Ukrainian texts complete and up to date?
	@$(BIN)/python tools/translations.py check

docs: setup  ## Build the documentation into site/
	@$(BIN)/mkdocs build --strict --quiet

picture: setup  ## Draw the report's picture in the README from the simulated company
	@$(BIN)/python tools/picture.py

lock: setup  ## Make the requirements' locks anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --group dev --extra database pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url tools/uv.in --output-file requirements-uv.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --constraint requirements.lock tools/cluster.in --output-file requirements-cluster.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url pyproject.toml tools/peers.in --output-file requirements-peers.lock

.venv-peers/ready: requirements-peers.lock .venv/ready
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv-peers
	@$(BIN)/uv pip sync --quiet --python .venv-peers/bin/python --require-hashes requirements-peers.lock
	@$(BIN)/uv pip install --quiet --python .venv-peers/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

test-oracle: .venv-peers/ready  ## Every public data set against pm4py, in an environment of its own
	@.venv-peers/bin/python -m pytest tests/process -m oracle

benchmark: .venv-peers/ready  ## Measure side by side with peers and write docs/performance.md (TABLES="questions importing")
	@.venv-peers/bin/python -m benchmarks $(TABLES)

clean:  ## Remove everything that was made
	rm -rf .venv demo site build dist .pytest_cache .ruff_cache .mypy_cache
