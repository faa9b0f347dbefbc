# The chores of the project. `make demo` and `make test` set up everything they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test browser watchers lint types bench bench-extraction vendor install clean help

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Bantin needs Python 3.11 or later: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded,browser,dev]'
	touch $(STAMP)

install: $(STAMP)  ## create the virtual environment and install Bantin into it

demo: $(STAMP)  ## crawl the sample portals and serve what was found (ONCE=1: end after the table)
	$(BIN)/bantin demo $(if $(ONCE),--once)

# Debian's Chromium, for the sites that need a browser: installed where that may be done without asking anybody.
browser:  ## see that there is a Chromium for the tests of sites made by scripts
	@command -v "$${BANTIN_CHROMIUM:-chromium}" >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'installing chromium for the tests of sites made by scripts'; \
		(DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
		|| { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
		) >/dev/null 2>&1 && exit 0; \
	fi; \
	echo 'LEFT OUT: the tests in a browser (they are listed at the end as skipped), as there is no Chromium here: apt-get install chromium, or set BANTIN_CHROMIUM.'

# Debian's Prometheus, for the tests of alerts and dashboard: unpacked beside the packages, never started as a service.
PROMETHEUS := $(VENV)/prometheus
watchers: $(STAMP)  ## see that there are promtool and prometheus for the tests of deploy/
	@test -x $(PROMETHEUS)/usr/bin/promtool && exit 0; \
	command -v promtool prometheus >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then \
		echo 'fetching prometheus for the tests of deploy/'; \
		mkdir -p $(PROMETHEUS) && cd $(PROMETHEUS) && (apt-get download prometheus || { apt-get update -qq && apt-get download prometheus; }) >/dev/null 2>&1 \
		&& dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb && exit 0; \
	fi; \
	echo 'LEFT OUT: three tests of tests/deploy and tests/web, as there is no Prometheus here: apt-get install prometheus.'

test: $(STAMP) browser watchers  ## style, types and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

lint: $(STAMP)  ## mend what style can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)  ## measure, and write bench/report/
	$(BIN)/python -m bench

bench-extraction: $(STAMP)  ## text, fields and speed beside the peers on PyPI (CORPORA="folder ..." measures more than the samples)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[peers]'
	$(BIN)/python -m bench.extraction $(CORPORA) --json bench/report/extraction.json

HTMX := 2.0.11

vendor:  ## fetch htmx from npm into web/static/vendor/ and print its sum for the README there
	tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && cd "$$tmp" && npm pack --silent htmx.org@$(HTMX) >/dev/null \
	&& tar -xzf htmx.org-$(HTMX).tgz && cp package/dist/htmx.min.js "$(CURDIR)/web/static/vendor/htmx.min.js" \
	&& cp package/LICENSE "$(CURDIR)/web/static/vendor/htmx.LICENSE.txt" && sha256sum "$(CURDIR)/web/static/vendor/htmx.min.js"

clean:  ## forget the virtual environment and the demo's data
	rm -rf $(VENV) .demo bench/report
