# make chat: install and talk.  make test: install and test.  make check: lint and types.
# make test-browser: the page in Chromium, which is installed if need be.
# make screenshots: the pictures of the page in docs/.
# make bench-service: the service under load, about an hour; PART="--part one" runs some of it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)

.PHONY: chat test browser test-browser screenshots check format bench-service clean

chat: $(STAMP)
	$(BIN)/concierge serve

test: $(STAMP)
	$(BIN)/pytest

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || { echo "Installing Chromium for the browser tests."; \
	       $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq --no-install-recommends chromium; } \
	  || { echo "The browser tests need Chromium, and it could not be installed here." \
	            "Install the Debian package: apt-get install chromium" >&2; exit 1; }

test-browser: $(STAMP) browser
	$(BIN)/pytest tests/web

screenshots: $(STAMP) browser
	$(BIN)/python tests/web/screenshots.py

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
