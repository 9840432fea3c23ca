# make chat: install and talk.  make test: install and test.  make check: lint and types.
# make bench-service: the service under load, about an hour; PART="--part one" runs some of it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: chat test check format bench-service clean

chat: $(STAMP)
	$(BIN)/concierge serve

test: $(STAMP)
	$(BIN)/pytest

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Concierge needs Python 3.11 or newer; this is %d.%d. Name one: make PYTHON=python3.11 …" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --progress-bar on -c constraints.txt torch==2.13.0
	$(BIN)/pip install --progress-bar on -c constraints.txt -e '.[dev]'
	touch $@

bench-service: $(STAMP)
	$(BIN)/python -m benchmarks.service_load $(PART)

clean:
	rm -rf $(VENV) build dist *.egg-info
