# Two commands matter: `make run` and `make test`. Both set up all they need; Python 3.11+, make and git are enough.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run demo test suites install install-dev check lint types imports lock bench bench-scale faults soak bench-polling figures clean release-database

run: install            ## poll the bundled feeds and serve on http://127.0.0.1:8080
	$(PY) -m service run

demo: install           ## the whole service offline, on bundled sample feeds
	$(PY) -m service demo

install: $(VENV)/.installed

$(VENV)/.installed: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit("Aftermath needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

install-dev: $(VENV)/.installed-dev $(VENV)/npm/.lock

$(VENV)/.installed-dev: install requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

$(VENV)/npm/.lock: tests/npm/package.json tests/npm/package-lock.json | install
	mkdir -p $(VENV)/npm
	cp $^ $(VENV)/npm/
	if command -v npm >/dev/null; then cd $(VENV)/npm && npm ci --silent --ignore-scripts --no-audit --no-fund && touch .lock; \
	else echo "no npm here: tests of feed parsers and of accessibility skip"; fi

.PHONY: bytecode
bytecode: install-dev   # as in the image: tests start the service hundreds of times, and some machines write none
	$(PY) -m compileall -q service

test: bytecode          ## the whole suite
	$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile

suites: install-dev     ## every public feed file and captured poll, instead of the sample that `make test` takes
	AFTERMATH_TEST_ALL_FEEDS=1 $(PY) -m pytest tests/feeds/test_public_suites.py tests/feeds/test_delta_parse.py

lint: install-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: install-dev
	$(PY) -m mypy

imports: install-dev
	$(VENV)/bin/lint-imports

check: lint types imports test   ## what CI runs

lock: install-dev       ## renew the hash-locked requirements
	$(PY) -m piptools compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt requirements.in
	$(PY) -m piptools compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-dev.txt requirements-dev.in
	$(PY) -m piptools compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-semantic.txt requirements-semantic.in

bench: install-dev       ## how fast the matcher is, beside plain pyahocorasick (ITEMS=file of items)
	PYTHONPATH=. $(PY) tests/bench/bench_matching.py $(ITEMS)

bench-polling: install   ## what a poll costs, end to end, over 2,000 loopback feeds (FEEDS=, ITEMS=, ROUNDS=)
	PYTHONPATH=. $(PY) tests/bench/bench_polling.py

bench-scale: install     ## what 100,000 feeds cost the store (FEEDS=)
	PYTHONPATH=. $(PY) tests/bench/bench_scale.py

faults: bytecode        ## the long forms: kills, power cuts, full disk, a failing disk, backups under load, replicas over PostgreSQL (KILLS=, FEEDS=, OLDER=)
	FAULTS=long KILLS=$${KILLS:-200} FEEDS=$${FEEDS:-20} $(PY) -m pytest -s tests/faults tests/journeys/test_kill.py

release-database: install-dev   ## keep databases of this version for the tests of every later one; before it is tagged (TREE=, VERSION=)
	PYTHONPATH=.:tests $(PY) tests/storage/release_database.py

soak: install-dev        ## poll churning feeds every second and watch memory, descriptors and journal (MINUTES=, FEEDS=)
	PYTHONPATH=.:tests $(PY) tests/faults/soak.py

.PHONY: bench-serving
bench-serving: install-dev   ## requests per CPU second, and a delta to 2,000 streams (READERS=number)
	$(PY) tests/bench/bench_serving.py

.PHONY: bench-compare
bench-compare: install   ## follow-ups compared a second beside much that is known (ITEMS=, FACTS=, FOLLOW_UPS=, TRACE=1: exact bytes, in minutes)
	PYTHONPATH=. $(PY) tests/bench/bench_compare.py

figures: install         ## renew the quality tables of FIGURES.md and, of a labelled corpus, the README (CORPUS=folder of a labelled corpus)
	$(PY) -m service eval tests/data/corpus --into FIGURES.md
	$(PY) -m service eval tests/data/corpus2 --into FIGURES.md
	test -z "$(CORPUS)" || $(PY) -m service eval "$(CORPUS)" --into README.md

.PHONY: validate
validate: install-dev    ## REDbot on every GET and schemathesis on every operation of a running service (EXAMPLES=)
	test -x $(VENV)/validators/bin/redbot || $(PYTHON) -m venv $(VENV)/validators
	$(VENV)/validators/bin/python -m pip install --quiet --disable-pip-version-check -r tests/validators/requirements.txt
	PYTHONPATH=.:tests VALIDATORS=$(VENV)/validators/bin $(PY) tests/validators/validate.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
