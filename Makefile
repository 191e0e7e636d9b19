# Two commands do everything, set-up included: `make run` and `make test`.
# Plain enough for make 3.81 (macOS).

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= auto
ARGS ?=
IN_VENV = .venv/bin/python -m
SET_UP = $(PYTHON) -m portal.setup.bootstrap

.PHONY: help run code test test-kannel test-s3 test-clamav check lock screenshots bench-login \
	bench-search bench-pages bench-documents clean

help:
	@echo "make run [PORT=8123]  the portal with demo data, on this machine only"
	@echo "make code WHO=anna    the code that a demo user's authenticator app shows now"
	@echo "make test [ARGS=...]  every test; ARGS goes to pytest, for one file or one name"
	@echo "make test-kannel      sms through a real Kannel to an SMPP operator"
	@echo "make test-s3          the tests of documents against a real S3 server"
	@echo "make test-clamav      uploads through a real ClamAV with signatures of our own"
	@echo "make check            lint, types, layers, templates, migrations, deployment settings"
	@echo "make screenshots      every page as every kind of user, into var/screens/"
	@echo "make bench-login      what a login costs beside an empty Django view (three minutes)"
	@echo "make bench-search     what a search costs at 50,000 to 5 million people; the first time it makes them"
	@echo "make bench-pages      what each page of a day's work costs beside an empty Django view"
	@echo "make bench-documents  what PDFs, a month of statements and an upload cost"
	@echo "make lock             the hashed requirements, anew from pyproject.toml"
	@echo "make clean            removes tools, caches and var/, the demo data included"

run:
	@$(SET_UP) run
	@$(IN_VENV) portal.setup.start --port $(PORT)

code:
	@$(IN_VENV) portal.setup.code $(WHO)

test:
	@$(SET_UP) test
	@$(IN_VENV) pytest -n $(WORKERS) $(ARGS)

test-kannel:
	@$(SET_UP) kannel
	@$(IN_VENV) pytest -m kannel tests/systems $(ARGS)

test-s3:
	@$(SET_UP) test
	@$(IN_VENV) tests.systems.s3 -n $(WORKERS) $(ARGS)

test-clamav:
	@$(SET_UP) clamav
	@$(IN_VENV) pytest -m clamav tests/systems $(ARGS)

check:
	@$(SET_UP) run
	@$(IN_VENV) portal.setup.check

screenshots:
	@$(SET_UP) test
	@$(IN_VENV) pytest tests/browser/screens.py --quiet $(ARGS)
	@echo "Alle schermen: var/screens/index.html"

bench-login:
	@$(SET_UP) test
	@$(IN_VENV) tests.bench.login

bench-search:
	@$(SET_UP) test
	@$(IN_VENV) tests.bench.search

bench-pages:
	@$(SET_UP) test
	@$(IN_VENV) tests.bench.pages

bench-documents:
	@$(SET_UP) test
	@$(IN_VENV) tests.bench.documents

lock:
	@$(SET_UP) lock $(ARGS)

clean:
	rm -rf .uv .venv var .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
