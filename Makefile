# Python 3.11 or newer, git and make are enough; everything else is made, installed or named here.

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && command -v $$python && break; done)
TOOLS := var/tools
PY := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
# Some machines keep Python from noting what it compiled; then every process compiles a thousand files anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test test-slow bench lint format journey clean

help:
	@echo "make demo        the whole product with a demo company: http://127.0.0.1:8000 (ARGS=--reset forgets everything)"
	@echo "make journey     one access request by script through the running demo"
	@echo "make test        every test but the slow ones"
	@echo "make test-slow   real kills, soak, fuzz, every page in every look"
	@echo "make bench       how fast it is, beside the physical limit: docs/benchmarks.md (ARGS=--tiny shows only that it works)"
	@echo "make lint        format, lint, types, import contracts, templates, migrations, diagram"

demo: .venv/.ready
	@$(PYTHON) omne_dsar/system_parts.py pdf
	@$(PY) -m omne_dsar.embedded demo $(ARGS)

journey: .venv/.ready
	@$(PY) manage.py journey $(ARGS)

test: .venv/.ready
	@$(PYTHON) omne_dsar/system_parts.py pdf browser databases
	$(PY) -m pytest -n 3 --dist worksteal -m "not slow" $(ARGS)

test-slow: .venv/.ready
	@$(PYTHON) omne_dsar/system_parts.py pdf browser databases zip
	$(PY) -m pytest -n 3 --dist loadfile -m slow $(ARGS)

bench: .venv/.ready
	@$(PYTHON) omne_dsar/system_parts.py pdf zip
	@$(PY) -m bench $(ARGS)

lint: .venv/.ready
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/djlint templates --lint --quiet
	$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PY) manage.py draw_lifecycle --check
	$(PY) manage.py catalogues --check

format: .venv/.ready
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix-only --quiet .

clean:
	rm -rf .venv var

.venv/.ready: uv.lock pyproject.toml $(wildcard omne_dsar/locale/*/LC_MESSAGES/django.po)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	@command -v uv >/dev/null || test -x $(TOOLS)/bin/uv || { \
		$(PYTHON) -m venv $(TOOLS) && $(TOOLS)/bin/pip install -q --disable-pip-version-check uv; }
	@PATH="$$PATH:$(TOOLS)/bin" uv sync --frozen --quiet --compile-bytecode --all-extras --all-groups --python $(PYTHON)
	@$(PY) -m omne_dsar.languages
	@touch $@
